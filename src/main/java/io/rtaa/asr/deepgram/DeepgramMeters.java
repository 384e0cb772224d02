package io.rtaa.asr.deepgram;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What is measured of Deepgram beyond what is measured of every recogniser.
 *
 * <p>Thread-safety: safe.
 */
public final class DeepgramMeters implements MeterBinder {

    private final DeepgramCounters counters;

    public DeepgramMeters(DeepgramProvider provider) {
        this.counters = provider.counters();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (HandshakeResult result : HandshakeResult.values()) {
            FunctionCounter.builder("rtaa.deepgram.handshakes", counters, of -> of.handshakes(result))
                    .description("Handshakes with Deepgram, by what came of them")
                    .tag("result", result.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        Gauge.builder("rtaa.deepgram.keys.refused", counters, DeepgramCounters::refusedKeys)
                .description("API keys, and uses of a key, that Deepgram refuses at present")
                .register(registry);
        count(registry, "messages.unknown", "Messages of an unknown type", DeepgramCounters::unknownMessages);
        count(registry, "messages.malformed", "Messages that could not be read", DeepgramCounters::malformedMessages);
        count(
                registry,
                "fields.unknown",
                "Fields of known messages that no documentation names",
                DeepgramCounters::unknownFields);
    }

    private void count(
            MeterRegistry registry, String what, String description, ToDoubleFunction<DeepgramCounters> value) {
        FunctionCounter.builder("rtaa.deepgram." + what, counters, value)
                .description(description)
                .register(registry);
    }
}
