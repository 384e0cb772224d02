package io.rtaa.asr;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Waits between tries with full jitter: each is drawn evenly between nothing and a bound that doubles up to a cap, so that
 * many streams that lost their recogniser together do not come back together.
 *
 * <p>Thread-safety: none; a session uses it from one task at a time.
 */
final class BackOff {

    private final Duration base;
    private final Duration cap;
    private final RandomGenerator random;
    private int tries;

    BackOff(Duration base, Duration cap, RandomGenerator random) {
        this.base = base;
        this.cap = cap;
        this.random = random;
    }

    Duration next() {
        // Past 2^20 times the base any cap is reached.
        double bound = Math.min((double) cap.toNanos(), base.toNanos() * Math.pow(2, Math.min(tries, 20)));
        tries++;
        return Duration.ofNanos((long) (random.nextDouble() * bound));
    }

    void reset() {
        tries = 0;
    }
}
