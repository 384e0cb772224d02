package io.rtaa.edge.websocket;

import io.vertx.core.Context;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.ThreadPoolProfileBuilder;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;

/**
 * The threads that run one endpoint's blocking route: a pool of its own, so that a route that waits holds up no other
 * endpoint, nor what else has work for threads.
 *
 * <p>A socket has one event here at a time. An event that finds the queue full waits at its socket, which is not read
 * meanwhile, and is offered again after {@value #OFFER_AGAIN_MILLIS} ms; that is counted.
 *
 * <p>Thread-safety: safe.
 */
final class EndpointWorkers {

    /** Events that wait for a thread; above that they wait at their sockets. */
    static final int QUEUE = 1000;

    private static final long OFFER_AGAIN_MILLIS = 100;

    private final ExecutorService threads;
    private final CamelContext camel;
    private final WebsocketMeters meters;

    /** @param size how many threads there are */
    EndpointWorkers(WebsocketConsumer consumer, int size) {
        this.camel = consumer.getEndpoint().getCamelContext();
        this.meters = consumer.getEndpoint().connections().meters();
        this.threads = camel.getExecutorServiceManager()
                .newThreadPool(
                        consumer,
                        "websocket-" + consumer.getEndpoint().getName(),
                        new ThreadPoolProfileBuilder("websocket-workers")
                                .poolSize(size)
                                .maxPoolSize(size)
                                .maxQueueSize(QUEUE)
                                .rejectedPolicy(ThreadPoolRejectedPolicy.Abort)
                                .build());
    }

    /**
     * Runs a task on a thread of the pool.
     *
     * @param context where it is offered again if the queue is full
     * @param closed gets the refusal of a pool that is closed, here or where the task is offered again
     */
    void run(Context context, Runnable task, Consumer<RejectedExecutionException> closed) {
        meters.waiting.incrementAndGet();
        try {
            threads.execute(() -> {
                meters.waiting.decrementAndGet();
                task.run();
            });
        } catch (RejectedExecutionException e) {
            meters.waiting.decrementAndGet();
            if (threads.isShutdown()) {
                closed.accept(e);
                return;
            }
            meters.workersFull.increment();
            context.owner().setTimer(OFFER_AGAIN_MILLIS, again -> run(context, task, closed));
        }
    }

    /** Lets what was taken come to its end; nothing more is taken. */
    void close() {
        camel.getExecutorServiceManager().shutdown(threads);
    }
}
