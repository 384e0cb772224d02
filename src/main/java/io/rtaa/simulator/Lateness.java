package io.rtaa.simulator;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * How late frames were sent, against deadlines that never move: a frame held up makes those behind it late too, and each
 * counts. A figure is at most 1 % above the truth.
 *
 * <p>Thread-safety: one thread at a time.
 */
public final class Lateness {
    private final Histogram micros = new Histogram(2);

    void record(long nanos) {
        micros.recordValue(Math.max(0, TimeUnit.NANOSECONDS.toMicros(nanos)));
    }

    void add(Lateness other) {
        micros.add(other.micros);
    }

    /** The worst, in milliseconds; 0 where nothing was sent. */
    public double maxMillis() {
        return micros.getMaxValue() / 1000.0;
    }

    /** The lateness that the given share of frames did not exceed, in milliseconds; 0 where nothing was sent. */
    public double percentileMillis(double percent) {
        return micros.getValueAtPercentile(percent) / 1000.0;
    }
}
