package io.rtaa.simulator;

import java.util.concurrent.TimeUnit;

/**
 * How late frames were sent, against deadlines that never move: a frame held up makes those behind it late too, and each
 * counts. Kept in buckets a sixteenth apart, so a percentile is at most 7 % above the truth.
 *
 * <p>Thread-safety: one thread at a time.
 */
public final class Lateness {
    private static final int SUB_BUCKETS = 16;
    private static final int SUB_BITS = 4;

    private final long[] counts = new long[64 * SUB_BUCKETS];
    private long total;
    private long maxMicros;

    void record(long nanos) {
        long micros = Math.max(0, TimeUnit.NANOSECONDS.toMicros(nanos));
        counts[bucket(micros)]++;
        total++;
        maxMicros = Math.max(maxMicros, micros);
    }

    void add(Lateness other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        total += other.total;
        maxMicros = Math.max(maxMicros, other.maxMicros);
    }

    /** The worst, in milliseconds; 0 where nothing was sent. */
    public double maxMillis() {
        return maxMicros / 1000.0;
    }

    /** The lateness that the given share of frames did not exceed, in milliseconds; 0 where nothing was sent. */
    public double percentileMillis(double percent) {
        long wanted = (long) Math.ceil(total * percent / 100);
        long seen = 0;
        for (int i = 0; i < counts.length && total > 0; i++) {
            seen += counts[i];
            if (seen >= wanted) {
                return Math.min(upperMicros(i), maxMicros) / 1000.0;
            }
        }
        return 0;
    }

    private static int bucket(long micros) {
        int shift = Math.max(0, 63 - Long.numberOfLeadingZeros(micros | 1) - SUB_BITS);
        return shift * SUB_BUCKETS + (int) (micros >>> shift);
    }

    private static long upperMicros(int bucket) {
        int shift = Math.max(0, bucket / SUB_BUCKETS - 1);
        return ((bucket - (long) shift * SUB_BUCKETS + 1) << shift) - 1;
    }
}
