package io.rtaa.asr;

import java.time.Clock;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The clocks and the dice of a session, so that tests hold them in hand.
 *
 * <p>Thread-safety: as safe as what it is made of; the system's are.
 */
record SessionTime(Clock clock, LongSupplier monotonicNanos, RandomGenerator random) {

    /** The real ones. */
    static SessionTime system() {
        return new SessionTime(Clock.systemUTC(), System::nanoTime, new java.util.Random());
    }

    long epochMillis() {
        return clock.millis();
    }

    long nanos() {
        return monotonicNanos.getAsLong();
    }
}
