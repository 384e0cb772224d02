package io.rtaa.kafka;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a polling thread last came by, and why it cannot read.
 *
 * <p>Thread-safety: safe.
 */
final class PollWatch {

    private final String topic;
    private final boolean restartHelps;
    private final BusTime time;
    private volatile long lastPollNanos;
    private volatile @Nullable String refusal;

    /**
     * @param topic what is polled
     * @param restartHelps whether a thread that stands still does so for a reason of this process; else it may be that of
     *     what its route serves, which is the same after a restart
     */
    PollWatch(String topic, boolean restartHelps, BusTime time) {
        this.topic = topic;
        this.restartHelps = restartHelps;
        this.time = time;
        this.lastPollNanos = time.nanos();
    }

    /** What is polled. */
    String topic() {
        return topic;
    }

    boolean restartHelps() {
        return restartHelps;
    }

    void polled() {
        lastPollNanos = time.nanos();
    }

    /** @param reason why it cannot read now; null where it can */
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
