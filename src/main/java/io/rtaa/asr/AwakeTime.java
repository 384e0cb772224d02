package io.rtaa.asr;

import java.time.Duration;

/**
 * A clock that leaves out the time in which this process stood still, stopped from outside or in a long collection of
 * garbage. Whoever is waited for by it may have said something meanwhile that is still on its way through the process, so
 * that their silence counts by this clock and not by the world's. It goes no further than {@link #STANDSTILL} without a tick.
 *
 * <p>Thread-safety: none; a session uses it from one task at a time.
 */
final class AwakeTime {

    /** Ticks are due every {@link RecogniserSession#UNHURRIED} or more often; one that comes later than this tells of a standstill. */
    static final Duration STANDSTILL = Duration.ofSeconds(1);

    private final SessionTime time;
    private long tickedNanos;
    private long stoodStillNanos;

    AwakeTime(SessionTime time) {
        this.time = time;
        this.tickedNanos = time.nanos();
    }

    /** In the manner of {@link System#nanoTime}; never goes back. */
    long nanos() {
        long now = time.nanos();
        return now - stoodStillNanos - standstillNanos(now);
    }

    /** Whether so much time has passed since. */
    boolean isPast(long sinceNanos, Duration wait) {
        return nanos() - sinceNanos >= wait.toNanos();
    }

    /** The process is alive. Returns whether it stood still before. */
    boolean tick() {
        long now = time.nanos();
        long standstill = standstillNanos(now);
        stoodStillNanos += standstill;
        tickedNanos = now;
        return standstill > 0;
    }

    private long standstillNanos(long nowNanos) {
        return Math.max(0, nowNanos - tickedNanos - STANDSTILL.toNanos());
    }
}
