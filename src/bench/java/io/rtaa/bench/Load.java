package io.rtaa.bench;

import io.rtaa.bench.load.Script;
import java.time.Duration;

/**
 * How much is put on a system in one turn.
 *
 * @param calls at a time, once all have started
 * @param script what they say
 * @param ramp over what time they start
 * @param measuredAfter when measuring begins, from the first call's start
 * @param measured how long is measured
 * @param callLength how long each call lasts
 */
record Load(int calls, Script script, Duration ramp, Duration measuredAfter, Duration measured, Duration callLength) {

    private static final int CALLS_STARTED_A_SECOND = 200;
    private static final Duration SHORTEST_RAMP = Duration.ofSeconds(2);

    /** From the last call's start until things have settled: it has had its first result by then. */
    private static final Duration SETTLING = Duration.ofSeconds(3);

    /** All calls are live while it is measured. */
    static Load steady(int calls, Script script, Duration measured) {
        Duration steady = Duration.ofMillis(1000L * calls / CALLS_STARTED_A_SECOND);
        Duration ramp = steady.compareTo(SHORTEST_RAMP) < 0 ? SHORTEST_RAMP : steady;
        Duration settled = ramp.plus(SETTLING);
        return new Load(
                calls, script, ramp, settled, measured, settled.plus(measured).plusSeconds(1));
    }

    /** It is measured while the calls start, evenly, until the last one has had its first results. */
    static Load rising(int calls, Script script, Duration time) {
        Duration measured = time.plus(SETTLING);
        return new Load(calls, script, time, Duration.ZERO, measured, measured);
    }

    /** Frames of each call. */
    long frames() {
        return callLength.toMillis() / script.frameMillis();
    }

    /** Call-seconds in the measurement. */
    double callSeconds() {
        Duration rising = ramp.minus(measuredAfter);
        double lost = rising.isNegative() ? 0 : rising.toMillis() / 2.0;
        return calls * (measured.toMillis() - lost) / 1000.0;
    }

    /** Frames that all calls together send in a second, on average. */
    double framesASecond() {
        return callSeconds() / (measured.toMillis() / 1000.0) * 1000.0 / script.frameMillis();
    }
}
