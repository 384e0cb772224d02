package io.rtaa.asr;

import java.time.Duration;

/**
 * When something that was refused may be tried again: after a first wait, then after twice as long each time, up to a
 * most. One try at a time: while one is under way no other is due, unless the first has not reported within the longest
 * wait.
 *
 * <p>Thread-safety: none; its owner guards it.
 */
public final class CoolDown {

    /** The first wait, unless an owner has another. */
    public static final Duration DEFAULT_FIRST = Duration.ofSeconds(1);

    /** The longest wait, unless an owner has another. */
    public static final Duration DEFAULT_MOST = Duration.ofSeconds(60);

    private final long mostNanos;
    private long waitNanos;
    private long dueNanos;

    /**
     * Something was refused just now.
     *
     * @param nowNanos the time, in the manner of {@link System#nanoTime}; so in all methods
     */
    public CoolDown(Duration first, Duration most, long nowNanos) {
        this.mostNanos = most.toNanos();
        this.waitNanos = Math.min(first.toNanos(), mostNanos);
        this.dueNanos = nowNanos + waitNanos;
    }

    /** Whether a try is due. */
    public boolean isDue(long nowNanos) {
        return nowNanos - dueNanos >= 0;
    }

    /** A try begins. Its end is reported by {@link #failed}; a try that succeeds ends the cool-down altogether. */
    public void begin(long nowNanos) {
        dueNanos = nowNanos + mostNanos;
    }

    /** A try was refused, or came to nothing: the next one is due after twice the wait. */
    public void failed(long nowNanos) {
        waitNanos = Math.min(mostNanos, 2 * waitNanos);
        dueNanos = nowNanos + waitNanos;
    }
}
