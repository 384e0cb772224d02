package io.rtaa.bench.load;

/**
 * Spreads the calls over the length of a frame: no two calls send at the same moment, and neighbours in the order of
 * their start lie far apart. Callers in phase would come in bursts that no telephone network makes.
 */
final class Phases {

    private static final double GOLDEN_RATIO = 0.618033988749895;

    private Phases() {}

    /**
     * When, after the start of a frame's time, call {@code index} of {@code calls} sends: 0 up to {@code frameNanos}.
     */
    static long nanos(int index, int calls, long frameNanos) {
        long slot = (long) index * stride(calls) % calls;
        return slot * frameNanos / calls;
    }

    /** Near the golden part of all slots, and reaching each of them. */
    private static int stride(int calls) {
        int stride = Math.max(1, (int) Math.round(calls * GOLDEN_RATIO));
        while (commonFactor(stride, calls) != 1) {
            stride++;
        }
        return stride;
    }

    private static int commonFactor(int a, int b) {
        return b == 0 ? a : commonFactor(b, a % b);
    }
}
