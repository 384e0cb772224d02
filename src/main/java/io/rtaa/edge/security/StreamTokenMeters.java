package io.rtaa.edge.security;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * What is counted of stream tokens.
 *
 * <p>Thread-safety: safe.
 */
public final class StreamTokenMeters {

    final Counter minted;
    final Counter opening;
    final Counter refused;
    final Counter countedAlone;

    public StreamTokenMeters(MeterRegistry registry) {
        minted = Counter.builder("rtaa.security.stream.tokens.minted")
                .description("Stream URLs that were given out")
                .register(registry);
        opening = handshakes(registry, "granted");
        refused = handshakes(registry, "refused");
        countedAlone = Counter.builder("rtaa.security.stream.tokens.counted.alone")
                .description("Sockets of stream tokens that this process counted alone, as Redis did not")
                .register(registry);
    }

    private static Counter handshakes(MeterRegistry registry, String result) {
        return Counter.builder("rtaa.security.stream.tokens.handshakes")
                .description("Handshakes with the token of a stream URL, by what its step said")
                .tag("result", result)
                .register(registry);
    }
}
