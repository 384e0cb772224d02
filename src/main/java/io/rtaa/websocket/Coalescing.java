package io.rtaa.websocket;

import io.netty.channel.SelectStrategy;
import io.netty.util.IntSupplier;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Lets a busy event loop sleep for a moment before it waits for its sockets again, so that it then finds several of them
 * ready. Going to sleep and being woken costs more than reading a frame; what network cards do with their interrupts, this does
 * with wake-ups.
 *
 * <p>A loop that waited for longer than {@link #QUIET} has nothing to gain from it and is left alone, so that a single call is
 * as fast as it can be; so is one whose last round of work took that long, which has its batches already. And a loop goes on
 * awake for {@link #PATIENCE} where a pause did not pay: it found fewer than {@link #WORTH} sockets of late, or it slept for twice as
 * long as it wanted to, because the cores are used up and who sleeps has to wait for his turn again.
 *
 * <p>Thread-safety: one event loop's own.
 */
final class Coalescing implements SelectStrategy {

    /** By how much a socket may have to wait longer for it, but for what the system adds to any sleep. */
    static final Duration PAUSE = Duration.ofMillis(1);

    /** Rounds that come this soon after each other are worth being put together. */
    static final Duration QUIET = Duration.ofNanos(500_000);

    /** Ready sockets that make up for a pause, which costs about as much as being woken twice. */
    static final int WORTH = 3;

    /** So long a loop goes on without pauses once one did not pay. */
    static final Duration PATIENCE = Duration.ofMillis(20);

    /** The part of the latest pause in what pauses brought of late. */
    private static final double LATEST = 0.25;

    private final LongSupplier nanoTime;
    private final LongConsumer sleep;
    private long waitedAt;
    private long awakeUntil;
    /** Ready sockets after a pause, of late. */
    private double found = WORTH;

    Coalescing() {
        this(System::nanoTime, LockSupport::parkNanos);
    }

    /**
     * @param nanoTime as {@link System#nanoTime()}
     * @param sleep lets the thread rest for some nanoseconds
     */
    Coalescing(LongSupplier nanoTime, LongConsumer sleep) {
        this.nanoTime = nanoTime;
        this.sleep = sleep;
        this.waitedAt = nanoTime.getAsLong() - QUIET.toNanos();
        this.awakeUntil = waitedAt;
    }

    @Override
    public int calculateStrategy(IntSupplier selectNow, boolean hasTasks) throws Exception {
        if (hasTasks) {
            return selectNow.get();
        }
        long now = nanoTime.getAsLong();
        if (now - waitedAt >= QUIET.toNanos() || now - awakeUntil < 0) {
            waitedAt = now;
            return SELECT;
        }
        sleep.accept(PAUSE.toNanos());
        waitedAt = nanoTime.getAsLong();
        int ready = selectNow.get();
        found += LATEST * (ready - found);
        if (found < WORTH || waitedAt - now >= 2 * PAUSE.toNanos()) {
            awakeUntil = waitedAt + PATIENCE.toNanos();
            found = WORTH;
        }
        return ready > 0 ? ready : SELECT;
    }
}
