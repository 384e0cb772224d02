package io.rtaa.kafka;

import io.rtaa.kafka.BusCounters.Kind;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether what is published is taken. A failure counts until something of its kind is taken, or for a while: a process that is
 * given no more calls because of it would never learn that it is over.
 *
 * <p>Thread-safety: safe.
 */
final class PublishingHealth {

    private static final Duration COUNTS_FOR = Duration.ofSeconds(15);

    private record Failure(Kind kind, String reason, long sinceNanos) {}

    private final Map<Kind, Failure> failures = new ConcurrentHashMap<>();
    private final BusTime time;

    PublishingHealth(BusTime time) {
        this.time = time;
    }

    void taken(Kind kind) {
        // Most often there is none, and looking is cheaper than removing.
        if (!failures.isEmpty()) {
            failures.remove(kind);
        }
    }

    void failed(Kind kind, Throwable failure) {
        failures.put(kind, new Failure(kind, Answers.reason(failure), time.nanos()));
    }

    /** Why something could not be published lately; null where everything was. */
    @Nullable
    String fault() {
        return failures.values().stream()
                .filter(failure -> time.nanos() - failure.sinceNanos() < COUNTS_FOR.toNanos())
                .map(failure ->
                        "Kafka takes no " + failure.kind().name().toLowerCase(Locale.ROOT) + ": " + failure.reason())
                .findFirst()
                .orElse(null);
    }
}
