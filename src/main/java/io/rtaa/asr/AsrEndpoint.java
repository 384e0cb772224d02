package io.rtaa.asr;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/**
 * One end of a recogniser: see {@link AsrComponent}. Besides Camel's own options a URI has the recogniser's, by the names the
 * recogniser gives them, such as {@code asr:deepgram?language=hi&diarize=true}; a repeated one counts as a list.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "asr",
        title = "Speech recognition",
        syntax = "asr:provider",
        lenientProperties = true,
        category = {Category.AI})
public class AsrEndpoint extends DefaultEndpoint {

    /** The options that every endpoint of Camel's has. */
    private static final Set<String> CAMELS_OWN =
            Set.of("bridgeErrorHandler", "exceptionHandler", "exchangePattern", "lazyStartProducer");

    @UriPath(description = "The recogniser's name, as it was registered")
    @Metadata(required = true)
    private final String provider;

    private final AsrComponent component;
    private final RecogniserSessions sessions;

    AsrEndpoint(String uri, AsrComponent component, String provider, RecogniserSessions sessions) {
        super(uri, component);
        this.component = component;
        this.provider = provider;
        this.sessions = sessions;
    }

    /** The recogniser's name. */
    public String getProvider() {
        return provider;
    }

    /**
     * Takes the recogniser's parameters out of an endpoint's options, and leaves Camel's own.
     *
     * @return a repeated parameter's values are separated by commas
     */
    public static Map<String, String> takeRecogniserParameters(Map<String, Object> options) {
        Map<String, String> taken = new TreeMap<>();
        options.forEach((name, value) -> {
            if (!CAMELS_OWN.contains(name)) {
                taken.put(
                        name,
                        value instanceof Collection<?> values
                                ? values.stream().map(String::valueOf).collect(Collectors.joining(","))
                                : String.valueOf(value));
            }
        });
        options.keySet().removeAll(taken.keySet());
        return taken;
    }

    AsrComponent component() {
        return component;
    }

    RecogniserSessions sessions() {
        return sessions;
    }

    @Override
    public Producer createProducer() {
        return new AsrProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        AsrConsumer consumer = new AsrConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }
}
