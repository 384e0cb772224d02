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
    private final BusTime time;
    private volatile long lastPollNanos;
    private volatile @Nullable String refusal;

    PollWatch(String topic, BusTime time) {
        this.topic = topic;
        this.time = time;
        this.lastPollNanos = time.nanos();
    }

    /** What is polled. */
    String topic() {
        return topic;
    }

    void polled() {
        lastPollNanos = time.nanos();
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
        return Duration.ofNanos(time.nanos() - lastPollNanos);
    }
}
