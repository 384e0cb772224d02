package io.rtaa.kafka;

import java.time.Duration;

/**
 * When a polling thread last came by.
 *
 * <p>Thread-safety: safe.
 */
final class PollWatch {

    private final String topic;
    private volatile long lastPollNanos = System.nanoTime();

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

    Duration sincePolled() {
        return Duration.ofNanos(System.nanoTime() - lastPollNanos);
    }
}
