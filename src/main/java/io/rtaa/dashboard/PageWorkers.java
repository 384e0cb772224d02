package io.rtaa.dashboard;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that write the API's answers and read the page's modules: {@value #THREADS}, apart from those that calls
 * need. Up to {@value #QUEUE} requests wait for one; the next is refused, which is counted.
 *
 * <p>Thread-safety: safe.
 */
public final class PageWorkers implements Executor, MeterBinder, AutoCloseable {

    static final int THREADS = 4;
    static final int QUEUE = 256;

    private static final Logger LOG = LoggerFactory.getLogger(PageWorkers.class);

    /** An answer takes milliseconds to write. */
    private static final int CLOSE_SECONDS = 2;

    private final AtomicInteger started = new AtomicInteger();
    private final LongAdder refused = new LongAdder();
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            THREADS, THREADS, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(QUEUE), this::thread);

    public PageWorkers() {
        threads.allowCoreThreadTimeOut(true);
    }

    private Thread thread(Runnable work) {
        Thread thread = new Thread(work, "dashboard-api-" + started.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    /** @throws RejectedExecutionException if too many wait already */
    @Override
    public void execute(Runnable work) {
        try {
            threads.execute(work);
        } catch (RejectedExecutionException e) {
            refused.increment();
            throw e;
        }
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder(
                        "rtaa.dashboard.requests.waiting",
                        threads,
                        pool -> pool.getQueue().size())
                .description("Requests to page and API that wait for a thread")
                .register(registry);
        FunctionCounter.builder("rtaa.dashboard.requests.refused", refused, LongAdder::sum)
                .description("Requests answered with 503, as too many were waiting")
                .register(registry);
    }

    /** Waits for the answers under way: they need the event loops, which are closed next. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("Answers of page and API are still written after {} s", CLOSE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
