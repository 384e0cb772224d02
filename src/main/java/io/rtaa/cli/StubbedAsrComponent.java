package io.rtaa.cli;

import io.rtaa.asr.AsrEndpoint;
import io.rtaa.asr.deepgram.DeepgramOptions;
import io.rtaa.asr.deepgram.DeepgramProvider;
import io.rtaa.asr.sphinx.SphinxProvider;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.component.stub.StubComponent;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/** Stands in for the component {@code asr:}; its recognisers' own classes say what may be asked of them. */
final class StubbedAsrComponent extends StubComponent {

    private static final Set<String> KNOWN = Set.of(DeepgramProvider.NAME, SphinxProvider.NAME, TrustedNames.UNKNOWN);

    private final Environment settings;
    private final AsrWarnings warnings;

    /** @param settings as they are where the command runs, and the service's defaults */
    StubbedAsrComponent(Environment settings, AsrWarnings warnings) {
        this.settings = settings;
        this.warnings = warnings;
    }

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
        Map<String, String> asked = AsrEndpoint.takeRecogniserParameters(parameters);
        asked.values().removeIf(TrustedNames.UNKNOWN::equals);
        if (remaining.equals(DeepgramProvider.NAME)) {
            DeepgramOptions unlessTold = unlessTold();
            warnings.ofSettings(unlessTold.warnings());
            warnings.ofEndpoint(asked.keySet(), unlessTold.with(asked).warnings());
        } else if (remaining.equals(SphinxProvider.NAME) && !asked.isEmpty()) {
            throw new IllegalArgumentException(
                    "'" + String.join("', '", asked.keySet()) + "' is no parameter of sphinx; allowed: none");
        } else if (!KNOWN.contains(remaining)) {
            throw new IllegalArgumentException(
                    "no recogniser is called '" + remaining + "'; allowed: deepgram, sphinx, {{rtaa.asr.provider}}");
        }
        parameters.clear();
        return super.createEndpoint(uri, remaining, parameters);
    }

    /** What the service would ask for with the settings as they are here. */
    private DeepgramOptions unlessTold() {
        return DeepgramOptions.of(
                setting("rtaa.deepgram.model"), setting("rtaa.deepgram.language"), setting("rtaa.deepgram.parameters"));
    }

    private @Nullable String setting(String name) {
        String value = settings.getProperty(name);
        return value == null || value.isBlank() ? null : value.strip();
    }
}
