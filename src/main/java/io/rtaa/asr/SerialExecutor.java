package io.rtaa.asr;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after another, in the order they came, on whichever thread brings one while none is running. Nobody ever
 * waits: a thread that finds a task running leaves its own behind and goes. A session is driven by one of these
 * instead of a lock, so that a recogniser may call back from any thread, its own locks held, without a deadlock.
 *
 * <p>The queue has no limit of its own: tasks are short and never block, and what brings them (audio windows, results,
 * ticks) is bounded by its source.
 *
 * <p>Thread-safety: {@link #execute} is called from any thread.
 */
final class SerialExecutor implements Executor {

    private static final Logger LOG = LoggerFactory.getLogger(SerialExecutor.class);

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();

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

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            // One task's fault must not stop the tasks behind it.
            LOG.atError().setCause(e).log("a step of a recogniser session failed");
        }
    }
}
