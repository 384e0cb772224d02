package io.rtaa.asr;

import java.time.Duration;

/**
 * When a session that has no connection asks for one again.
 *
 * <p>Thread-safety: none; a session uses it from one task at a time.
 */
final class Waits {

    /** How soon a stream that waits asks again, at the latest; that costs a look at the gate, and no connection. */
    static final Duration ASK_AGAIN = Duration.ofSeconds(2);

    private final SessionTime time;
    private final BackOff backOff;
    private long dueNanos;

    Waits(SessionOptions options, SessionTime time) {
        this.time = time;
        this.backOff = new BackOff(options.retryBase(), options.retryCap(), time.random());
    }

    /** A connection was lost: the next is opened later each time, until {@link #delivered}. */
    void untilRetry() {
        dueNanos = time.nanos() + backOff.next().toNanos();
    }

    /** Asks again within a time, but not with everybody else who waits for the same. */
    void untilAskingAgain() {
        dueNanos =
                time.nanos() + (long) (ASK_AGAIN.toNanos() * (1 + time.random().nextDouble()) / 2);
    }

    boolean isOver() {
        return time.nanos() - dueNanos >= 0;
    }

    /** The recogniser delivered: a connection that does is a good one, one that only opens may be dropped again at once. */
    void delivered() {
        backOff.reset();
    }
}
