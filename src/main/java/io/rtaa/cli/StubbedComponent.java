package io.rtaa.cli;

import io.rtaa.routes.EndpointOptions;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.component.stub.StubComponent;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for a component of the service's: takes the options that the real one has and refuses others, and values
 * that are not of their types. Only the service itself knows which of those it allows, and its beans.
 */
class StubbedComponent extends StubComponent {

    @Override
    protected void validateParameters(String uri, Map<String, Object> parameters, @Nullable String optionPrefix) {
        // Done where the endpoint is made.
    }

    @Override
    public boolean useRawUri() {
        return true;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        EndpointOptions options = EndpointOptions.of(getCamelContext(), uri.substring(0, uri.indexOf(':')));
        options.requireKnown(parameters.keySet());
        Map<String, Object> known = new HashMap<>(parameters);
        known.values().removeIf(TrustedNames.UNKNOWN::equals);
        options.requireOfType(getCamelContext(), remaining, known);
        parameters.clear();
        return super.createEndpoint(uri, remaining, parameters);
    }
}
