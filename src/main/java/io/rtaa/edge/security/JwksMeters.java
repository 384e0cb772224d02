package io.rtaa.edge.security;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.DoubleSupplier;

/**
 * What is measured of a JWK set; zero where no address of one is set.
 *
 * <p>Thread-safety: safe.
 */
public final class JwksMeters {

    final Counter fetched;
    final Counter failed;
    private volatile DoubleSupplier ageSeconds = () -> 0;

    public JwksMeters(MeterRegistry registry) {
        fetched = fetches("fetched", registry);
        failed = fetches("failed", registry);
        Gauge.builder("rtaa.jwks.age", () -> ageSeconds.getAsDouble())
                .baseUnit("seconds")
                .description("The age of the keys of the JWK set; 0 before the first fetch")
                .register(registry);
    }

    private static Counter fetches(String result, MeterRegistry registry) {
        return Counter.builder("rtaa.jwks.fetches")
                .description("Fetches of the JWK set")
                .tag("result", result)
                .register(registry);
    }

    void measureAge(DoubleSupplier seconds) {
        ageSeconds = seconds;
    }
}
