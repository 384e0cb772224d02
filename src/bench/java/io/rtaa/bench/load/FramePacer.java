package io.rtaa.bench.load;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Sends each call's frames when they are due, and notes how late it was. It never skips a frame and never moves the
 * grid: after a hold-up it sends at once whatever is due by then.
 *
 * <p>Thread-safety: used on one event loop.
 */
final class FramePacer {

    /** After so many frames in a row the event loop has a look at its sockets. */
    private static final int MOST_AT_ONCE = 256;

    private static final long MOST_MICROS = 120_000_000;
    private static final int DIGITS = 3;

    private final EventLoop loop;
    private final PriorityQueue<GeneratedCall> calls =
            new PriorityQueue<>(Comparator.comparingLong(GeneratedCall::dueNanos));
    private long windowFromNanos = Long.MAX_VALUE;
    private long windowToNanos = Long.MAX_VALUE;
    private Histogram lateness = new Histogram(MOST_MICROS, DIGITS);
    private @Nullable Future<?> wakeUp;

    /** @param loop where it runs; everything is called on it */
    FramePacer(EventLoop loop) {
        this.loop = loop;
    }

    /** Notes from now on only how late frames are that are due in this time; forgets what was noted before. */
    void measure(long fromNanos, long toNanos) {
        windowFromNanos = fromNanos;
        windowToNanos = toNanos;
        lateness = new Histogram(MOST_MICROS, DIGITS);
    }

    /** By how much frames went out after they were due; microseconds. */
    Histogram lateness() {
        return lateness.copy();
    }

    /** Takes on a call that is connected. */
    void add(GeneratedCall call) {
        calls.add(call);
        if (calls.peek() == call) {
            if (wakeUp != null) {
                wakeUp.cancel(false);
            }
            sendDue();
        }
    }

    private void sendDue() {
        for (int i = 0; i < MOST_AT_ONCE; i++) {
            GeneratedCall call = calls.peek();
            if (call == null) {
                wakeUp = null;
                return;
            }
            long due = call.dueNanos();
            long late = System.nanoTime() - due;
            if (late < 0) {
                wakeUp = loop.schedule(this::sendDue, -late, TimeUnit.NANOSECONDS);
                return;
            }
            calls.remove();
            if (call.sendNext()) {
                note(due, late);
                calls.add(call);
            }
        }
        wakeUp = loop.submit(this::sendDue);
    }

    private void note(long dueNanos, long lateNanos) {
        if (dueNanos >= windowFromNanos && dueNanos < windowToNanos) {
            lateness.recordValue(Math.min(MOST_MICROS, lateNanos / 1000));
        }
    }
}
