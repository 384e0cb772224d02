package io.rtaa.kafka;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a polling thread last came by, and what it was refused with.
 *
 * <p>Thread-safety: safe.
 */
final class PollWatch {

    private final String topic;
    private volatile long lastPollNanos = System.nanoTime();
    private volatile @Nullable String refusal;

    PollWatch(String topic) {
        this.topic = topic;
    }

    /** What is polled. */
    String topic() {
        return topic;
    }

    void polled() {
        lastPollNanos = System.nanoTime();
    }

    /** @param reason why the broker does not let it read; null where it does */
    void refused(@Nullable String reason) {
        refusal = reason;
    }

    @Nullable
    String refusal() {
        return refusal;
    }

    Duration sincePolled() {
        return Duration.ofNanos(System.nanoTime() - lastPollNanos);
    }
}
