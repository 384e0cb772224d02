package io.rtaa.asr.deepgram;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * What is counted of Deepgram beyond what is measured of every recogniser.
 *
 * <p>Thread-safety: safe.
 */
final class DeepgramMeters {

    final Counter unknownMessages;
    final Counter malformedMessages;
    final Counter unknownFields;
    private final Map<HandshakeResult, Counter> handshakes = new EnumMap<>(HandshakeResult.class);

    DeepgramMeters(MeterRegistry registry, KeyTrials trials) {
        unknownMessages =
                counter("messages.unknown", "Messages of an unknown type").register(registry);
        malformedMessages =
                counter("messages.malformed", "Messages that could not be read").register(registry);
        unknownFields = counter("fields.unknown", "Fields of known messages that no documentation names")
                .register(registry);
        for (HandshakeResult result : HandshakeResult.values()) {
            handshakes.put(
                    result,
                    counter("handshakes", "Handshakes with Deepgram, by what came of them")
                            .tag("result", result.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        Gauge.builder("rtaa.deepgram.keys.refused", trials, KeyTrials::refused)
                .description("API keys, and uses of a key, that Deepgram refuses at present")
                .register(registry);
    }

    private static Counter.Builder counter(String what, String description) {
        return Counter.builder("rtaa.deepgram." + what).description(description);
    }

    /** Handshakes that came out so. */
    Counter handshakes(HandshakeResult result) {
        return Objects.requireNonNull(handshakes.get(result));
    }
}
