package io.rtaa.redis;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sends the commands of a busy connection together. Sent one by one, each wakes the connection's thread and costs a call of the
 * operating system here and one at Redis. A command on a quiet connection goes out at once; those that follow within {@link #PAUSE} go
 * out together at its end (docs/decisions/0012).
 *
 * <p>Thread-safety: safe.
 */
final class CommandBatches {

    /** By how much a command may be later for it. */
    static final Duration PAUSE = Duration.ofMillis(2);

    private final Runnable flush;
    private final ScheduledExecutorService loop;
    private final AtomicBoolean waiting = new AtomicBoolean();
    private final AtomicBoolean looking = new AtomicBoolean();

    /**
     * @param flush sends what was given to the connection
     * @param loop runs it: the connection's own thread, so that no other is woken to send
     */
    CommandBatches(Runnable flush, ScheduledExecutorService loop) {
        this.flush = flush;
        this.loop = loop;
    }

    /** A command was given to the connection. */
    void added() {
        // Both are mostly set already, and reading costs less than writing what other threads read.
        if (!waiting.get()) {
            waiting.set(true);
        }
        if (!looking.get() && looking.compareAndSet(false, true)) {
            loop.execute(this::look);
        }
    }

    private void look() {
        if (waiting.getAndSet(false)) {
            try {
                flush.run();
            } finally {
                ScheduledFuture<?> unused = loop.schedule(this::look, PAUSE.toNanos(), TimeUnit.NANOSECONDS);
            }
            return;
        }
        looking.set(false);
        // What was added just before that saw that somebody is looking.
        if (waiting.get() && looking.compareAndSet(false, true)) {
            look();
        }
    }
}
