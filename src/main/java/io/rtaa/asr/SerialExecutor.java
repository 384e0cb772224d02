package io.rtaa.asr;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after another, in the order they came, on whichever thread brings one while none is running. Nobody ever
 * waits: a thread that finds a task running leaves its own behind and goes. A session is driven by one of these
 * instead of a lock, so that a recogniser may call back from any thread, its own locks held, without a deadlock.
 *
 * <p>A task that throws, be it an {@link Error}, is reported and does not stop the tasks behind it. The thread that
 * brought it goes on, too: it may be the one that drives all sessions.
 *
 * <p>The queue has no limit of its own. A caller whose tasks may pile up behind one that blocks looks at
 * {@link #pending}.
 *
 * <p>Thread-safety: {@link #execute} is called from any thread.
 */
final class SerialExecutor implements Executor {

    private static final Logger LOG = LoggerFactory.getLogger(SerialExecutor.class);

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();
    private final Consumer<Throwable> failed;

    /** @param failed gets what a task threw, in place of the task: before the next one runs */
    SerialExecutor(Consumer<Throwable> failed) {
        this.failed = failed;
    }

    /** Tasks that run or wait. */
    int pending() {
        return pending.get();
    }

    @Override
    public void execute(Runnable task) {
        // Mostly nothing is running, and the task need not go through the queue. But an earlier one of this thread's
        // may still wait there for whoever is about to run it, and comes first.
        if (tasks.isEmpty() && pending.compareAndSet(0, 1)) {
            run(task);
        } else {
            tasks.add(task);
            if (pending.getAndIncrement() != 0) {
                return;
            }
            runNext();
        }
        while (pending.decrementAndGet() != 0) {
            runNext();
        }
    }

    private void runNext() {
        Runnable next = tasks.poll();
        if (next != null) {
            run(next);
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            report(e);
        }
    }

    private void report(Throwable thrown) {
        try {
            failed.accept(thrown);
        } catch (RuntimeException | Error e) {
            LOG.atError().setCause(e).log("A failed step could not be dealt with");
        }
    }
}
