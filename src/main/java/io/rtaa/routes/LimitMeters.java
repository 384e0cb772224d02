package io.rtaa.routes;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Counts what the limits of the public listener refuse, and logs it: one line a minute for each limit.
 *
 * <p>Thread-safety: safe.
 */
public final class LimitMeters {

    private static final Logger LOG = LoggerFactory.getLogger(LimitMeters.class);

    /** What is limited. */
    public enum Limit {
        /** Calls of this process: {@code MAX_CALLS}. */
        CALLS,
        /** Calls of one tenant. */
        CALLS_PER_TENANT,
        /** Connections of one address to the public listener. */
        CONNECTIONS_PER_ADDRESS,
        /** Requests of one address to the public listener, handshakes among them. */
        REQUESTS_PER_ADDRESS,
        /** Handshakes of one address, and API requests. */
        HANDSHAKES_PER_ADDRESS,
        /** Handshakes of one principal, and API requests. */
        HANDSHAKES_PER_PRINCIPAL,
        /** Wrong credentials from one address. */
        WRONG_LOGINS_PER_ADDRESS,
        /** Sockets of one principal. */
        SOCKETS_PER_PRINCIPAL,
        /** Connections whose first request, or the body of any, did not come in time. */
        REQUEST_TIME
    }

    private final Map<Limit, Counter> refused = new EnumMap<>(Limit.class);
    private final Map<Limit, LogThrottle> lines = new EnumMap<>(Limit.class);

    public LimitMeters(MeterRegistry registry) {
        for (Limit limit : Limit.values()) {
            refused.put(
                    limit,
                    Counter.builder("rtaa.limits.refused")
                            .description(
                                    "Connections, requests and handshakes that a limit of the public listener refused")
                            .tag("limit", limit.name().toLowerCase(Locale.ROOT))
                            .register(registry));
            lines.put(limit, new LogThrottle());
        }
    }

    /** Counts for nobody: where nothing is measured. */
    public static LimitMeters unmeasured() {
        return new LimitMeters(new CompositeMeterRegistry());
    }

    /**
     * A limit has refused something.
     *
     * @param who an address, a tenant or the name of a principal, for the log; never a secret
     */
    public void refused(Limit limit, String who) {
        Objects.requireNonNull(refused.get(limit)).increment();
        Objects.requireNonNull(lines.get(limit))
                .atLevel(LOG, Level.INFO)
                .addKeyValue("limit", limit.name().toLowerCase(Locale.ROOT))
                .log("A limit refused {}", who);
    }
}
