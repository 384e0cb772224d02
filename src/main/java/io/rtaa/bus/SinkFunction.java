package io.rtaa.bus;

import org.apache.camel.CamelContext;
import org.apache.camel.spi.PropertiesFunction;

/**
 * The placeholder <code>{{rtaa.bus.sink:NAME}}</code>: the address of <code>{{rtaa.bus.transcripts}}</code> with the
 * option {@code sink=NAME}, which every bus knows. The same route file so runs on each of them.
 *
 * <p>Thread-safety: safe.
 */
public final class SinkFunction implements PropertiesFunction {

    /** What stands before the colon. */
    public static final String NAME = "rtaa.bus.sink";

    private static final String TRANSCRIPTS = "{{rtaa.bus.transcripts}}";

    private final CamelContext context;

    /** @param context where the address of the transcripts is looked up */
    public SinkFunction(CamelContext context) {
        this.context = context;
    }

    @Override
    public String getName() {
        return NAME;
    }

    /** @throws IllegalArgumentException if it is no {@link SinkName} */
    @Override
    public String apply(String name) {
        SinkName sink = new SinkName(name);
        String transcripts = context.resolvePropertyPlaceholders(TRANSCRIPTS);
        return transcripts + (transcripts.contains("?") ? "&" : "?") + "sink=" + sink.value();
    }
}
