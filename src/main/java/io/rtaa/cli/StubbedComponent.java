package io.rtaa.cli;

import io.rtaa.routes.EndpointOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Endpoint;
import org.apache.camel.component.stub.StubComponent;
import org.apache.camel.support.component.PropertyConfigurerSupport;
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
        parameters.forEach((name, value) -> check(name, Objects.requireNonNull(options.type(name)), value));
        parameters.clear();
        return super.createEndpoint(uri, remaining, parameters);
    }

    private void check(String name, Class<?> type, Object value) {
        String text = String.valueOf(value);
        boolean isTrusted = text.equals(TrustedNames.UNKNOWN) || text.startsWith("#");
        if (!isTrusted && !isOf(type, value)) {
            throw new IllegalArgumentException(name + " is '" + text + "'; allowed: " + allowed(type));
        }
    }

    private boolean isOf(Class<?> type, Object value) {
        try {
            PropertyConfigurerSupport.property(Objects.requireNonNull(getCamelContext()), type, value);
            return true;
        } catch (RuntimeException e) {
            // What it says names neither the option nor what is allowed.
            return false;
        }
    }

    private static String allowed(Class<?> type) {
        if (type.isEnum()) {
            return Arrays.toString(type.getEnumConstants());
        }
        return type == Duration.class ? "a time, such as 5s or 200 (milliseconds)" : type.getSimpleName();
    }
}
