package io.rtaa.kafka;

import io.rtaa.bus.Topic;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether what is published is taken. A failure counts until something of its topic is taken, or for a while: a process that is
 * given no more calls because of it would never learn that it is over.
 *
 * <p>Thread-safety: safe.
 */
final class PublishingHealth {

    private static final Duration COUNTS_FOR = Duration.ofSeconds(15);

    private record Failure(Topic topic, String reason, long sinceNanos) {}

    private final Map<Topic, Failure> failures = new ConcurrentHashMap<>();
    private final BusTime time;

    PublishingHealth(BusTime time) {
        this.time = time;
    }

    void taken(Topic topic) {
        // Most often there is none, and looking is cheaper than removing.
        if (!failures.isEmpty()) {
            failures.remove(topic);
        }
    }

    void failed(Topic topic, Throwable failure) {
        failures.put(topic, new Failure(topic, Answers.reason(failure), time.nanos()));
    }

    /** Why something could not be published lately; null where everything was. */
    @Nullable
    String fault() {
        return failures.values().stream()
                .filter(failure -> time.nanos() - failure.sinceNanos() < COUNTS_FOR.toNanos())
                .map(failure -> "Kafka takes no " + failure.topic().label() + ": " + failure.reason())
                .findFirst()
                .orElse(null);
    }
}
