package io.rtaa.asr.sphinx;

import io.rtaa.routes.LogThrottle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A few daemon threads {@code sphinx-worker-N}, each with a decoder of its own that it loads before its first job. A
 * thread is started only when a job comes and no other thread is free.
 *
 * <p>Jobs run in the order they came. Their number is bounded by who submits them: each call has one at a time.
 *
 * <p>Thread-safety: safe for use by many threads.
 */
final class DecoderPool implements AutoCloseable {

    /** Something to do with a decoder; runs once, on a worker. */
    interface Job {

        /** What is thrown is the decoder's end, and {@link #failed} is called. */
        void run(UtteranceDecoder decoder);

        /** The decoder threw. */
        void failed(Throwable cause);

        /** There is no decoder: the model could not be loaded. */
        void unavailable(Throwable cause);
    }

    private static final Logger LOG = LoggerFactory.getLogger(DecoderPool.class);

    private final int maxWorkers;
    private final Supplier<UtteranceDecoder> loader;
    private final LogThrottle throttle = new LogThrottle();
    private final Queue<Job> waiting = new ArrayDeque<>();
    private final List<Thread> workers = new ArrayList<>();
    private int idle;
    private boolean closed;

    DecoderPool(int maxWorkers, Supplier<UtteranceDecoder> loader) {
        this.maxWorkers = maxWorkers;
        this.loader = loader;
    }

    /** Queues a job; after {@link #close} it is forgotten. */
    synchronized void submit(Job job) {
        if (closed) {
            return;
        }
        waiting.add(job);
        if (waiting.size() > idle && workers.size() < maxWorkers) {
            Thread worker = new Thread(this::work, "sphinx-worker-" + workers.size());
            worker.setDaemon(true);
            workers.add(worker);
            worker.start();
        } else {
            notifyAll();
        }
    }

    /** Forgets what waits, interrupts what runs and lets go of the decoders; returns at once. */
    @Override
    public synchronized void close() {
        closed = true;
        waiting.clear();
        workers.forEach(Thread::interrupt);
        notifyAll();
    }

    private void work() {
        UtteranceDecoder decoder = null;
        for (Job job = next(); job != null; job = next()) {
            try {
                decoder = run(job, decoder);
            } catch (RuntimeException | Error e) {
                // A job may throw in failed(), too. Its worker goes on: no other takes its place.
                throttle.atLevel(LOG, Level.ERROR).setCause(e).log("A job of the embedded recogniser failed");
                decoder = null;
            }
        }
    }

    private synchronized @Nullable Job next() {
        idle++;
        try {
            while (waiting.isEmpty() && !closed) {
                wait();
            }
            return waiting.poll();
        } catch (InterruptedException e) {
            // Only close() interrupts.
            Thread.currentThread().interrupt();
            return null;
        } finally {
            idle--;
        }
    }

    /** Returns the decoder for the next job; null where it has to be loaded anew. */
    private @Nullable UtteranceDecoder run(Job job, @Nullable UtteranceDecoder loaded) {
        UtteranceDecoder decoder = loaded;
        if (decoder == null) {
            try {
                decoder = load();
            } catch (RuntimeException | Error e) {
                job.unavailable(e);
                return null;
            }
        }
        try {
            job.run(decoder);
            return decoder;
        } catch (RuntimeException | Error e) {
            // Sphinx-4 throws both on audio it cannot cope with. The process goes on; the decoder's state is unknown.
            job.failed(e);
            return null;
        }
    }

    private UtteranceDecoder load() {
        long begun = System.nanoTime();
        UtteranceDecoder decoder = loader.get();
        LOG.atInfo()
                .addKeyValue("milliseconds", (System.nanoTime() - begun) / 1_000_000)
                .log("Loaded the embedded recogniser's model");
        return decoder;
    }
}
