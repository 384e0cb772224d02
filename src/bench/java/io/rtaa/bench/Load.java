package io.rtaa.bench;

import io.rtaa.bench.load.Script;
import java.time.Duration;

/**
 * How much is put on a system in one turn.
 *
 * @param calls at a time
 * @param script what they say
 * @param measured how long all of them are live and measured
 */
record Load(int calls, Script script, Duration measured) {

    private static final int CALLS_STARTED_A_SECOND = 200;
    private static final Duration SHORTEST_RAMP = Duration.ofSeconds(2);

    /** From the last call's start until things have settled: it has had its first result by then. */
    static final Duration SETTLING = Duration.ofSeconds(3);

    /** Over what time the calls start. */
    Duration ramp() {
        Duration steady = Duration.ofMillis(1000L * calls / CALLS_STARTED_A_SECOND);
        return steady.compareTo(SHORTEST_RAMP) < 0 ? SHORTEST_RAMP : steady;
    }

    /** Frames of each call: enough for the first one to last through the measurement. */
    long frames() {
        Duration all = ramp().plus(SETTLING).plus(measured).plusSeconds(1);
        return all.toMillis() / script.frameMillis();
    }

    /** Call-seconds in the measurement. */
    double callSeconds() {
        return calls * (measured.toMillis() / 1000.0);
    }

    /** Frames that all calls together send in a second. */
    double framesASecond() {
        return calls * 1000.0 / script.frameMillis();
    }
}
