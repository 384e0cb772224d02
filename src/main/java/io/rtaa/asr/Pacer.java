package io.rtaa.asr;

/**
 * Says how much audio may be sent now so that a recogniser never gets it faster than it likes, a replayed backlog
 * included: at most {@code pace} × real time, with a small allowance so that the jitter of live audio passes.
 *
 * <p>Thread-safety: none; a session uses it from one task at a time.
 */
final class Pacer {

    /** Audio that may go out at once after a quiet moment, milliseconds: a full window and some jitter. */
    static final long BURST_MILLIS = 250;

    private final double pace;
    private double creditMillis = BURST_MILLIS;
    private long lastNanos;

    /**
     * @param pace times real time; infinite for no limit
     * @param nowNanos the present of the clock that later calls use
     */
    Pacer(double pace, long nowNanos) {
        this.pace = pace;
        this.lastNanos = nowNanos;
    }

    /** Takes leave to send so much audio; false where it has to wait. */
    boolean tryTake(long audioMillis, long nowNanos) {
        if (Double.isInfinite(pace)) {
            return true;
        }
        creditMillis = Math.min(BURST_MILLIS, creditMillis + (nowNanos - lastNanos) / 1e6 * pace);
        lastNanos = nowNanos;
        // A window longer than the whole allowance passes once the allowance is full, and is paid for afterwards.
        if (creditMillis < Math.min(audioMillis, BURST_MILLIS)) {
            return false;
        }
        creditMillis -= audioMillis;
        return true;
    }
}
