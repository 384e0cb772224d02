package io.rtaa.audit;

import java.util.concurrent.TimeUnit;

/**
 * Bounds how many refused sign-ins the log tells of: {@link #MOST} in a row, and as many a second. Those beyond it are
 * counted, and the next line tells how many there were.
 *
 * <p>Thread-safety: safe.
 */
final class RefusalRate {

    /** Far above what people and telephony cause, far below what fills a disk. */
    static final int MOST = 20;

    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private long left = MOST;
    private long filledNanos;
    private long unlogged;

    /**
     * A sign-in was refused.
     *
     * @param nowNanos in the manner of {@link System#nanoTime}
     * @return how many refusals no line has told of since the line before; -1 where this one gets no line either
     */
    synchronized long next(long nowNanos) {
        if (nowNanos - filledNanos >= SECOND_NANOS) {
            left = MOST;
            filledNanos = nowNanos;
        }
        if (left == 0) {
            unlogged++;
            return -1;
        }
        left--;
        long told = unlogged;
        unlogged = 0;
        return told;
    }
}
