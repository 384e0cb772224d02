package io.rtaa.bus.memory;

import io.rtaa.bus.SinkName;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.routes.GivenUpException;
import io.rtaa.routes.Tries;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reader: takes events from its queue and runs its route with each, one after another, on a thread of its own. A
 * route that fails is done with its event, but that of a sink is run again, after waits that double, until it completes
 * or the event is given up: see {@link Tries}.
 *
 * <p>Stopping drains: a route that is stopped alone leaves the bus at once and finishes what it has; where the whole
 * process stops, it goes on reading until the last publisher is done.
 */
class MemoryBusConsumer extends DefaultConsumer implements ShutdownAware {

    private static final Logger LOG = LoggerFactory.getLogger(MemoryBusConsumer.class);

    /** The waits before the route of a sink is run again. */
    private static final long FIRST_RETRY_MILLIS = 100;

    private static final long LONGEST_RETRY_MILLIS = 30_000;

    private final MemoryBusEndpoint endpoint;
    private final MemoryTopic topic;
    private @Nullable ExecutorService thread;
    private volatile @Nullable EventQueue queue;
    private volatile CountDownLatch stopped = new CountDownLatch(1);

    MemoryBusConsumer(MemoryBusEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.topic = endpoint.component().transcripts();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        String reader = Objects.requireNonNullElse(getRouteId(), endpoint.getEndpointUri());
        EventQueue events = new EventQueue(
                reader,
                group(reader),
                endpoint.getSize(),
                endpoint.getSink() == null,
                endpoint.component().meters());
        queue = events;
        stopped = new CountDownLatch(1);
        thread = endpoint.getCamelContext()
                .getExecutorServiceManager()
                .newSingleThreadExecutor(this, "memory-bus-" + reader);
        thread.execute(() -> run(events));
        topic.join(events);
    }

    /** What metrics call the reader: as a broker calls the group of a sink; else the route reads for itself alone. */
    private String group(String reader) {
        String sink = endpoint.getSink();
        return sink == null ? reader : new SinkName(sink).group();
    }

    @Override
    protected void doStop() throws Exception {
        stopped.countDown();
        EventQueue events = queue;
        if (events != null) {
            queue = null;
            topic.leave(events);
            events.close();
            if (events.pending() > 0) {
                LOG.atWarn()
                        .addKeyValue("reader", getRouteId())
                        .addKeyValue("events", events.pending())
                        .log("A route is stopped before it has taken all events");
            }
        }
        if (thread != null) {
            endpoint.getCamelContext().getExecutorServiceManager().shutdownNow(thread);
            thread = null;
        }
        super.doStop();
    }

    /** It is stopped after all others, once nothing is pending: events may still come from routes that finish. */
    @Override
    public boolean deferShutdown(ShutdownRunningTask task) {
        EventQueue events = queue;
        if (events != null && endpoint.getCamelContext().getStatus().isStarted()) {
            topic.leave(events);
        }
        return true;
    }

    @Override
    public int getPendingExchangesSize() {
        EventQueue events = queue;
        return events == null ? 0 : events.pending();
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        if (!suspendOnly) {
            stopped.countDown();
        }
    }

    private void run(EventQueue events) {
        try {
            TranscriptEvent event = events.take();
            while (deliver(event, events)) {
                events.done(event);
                event = events.take();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Runs the route with an event; that of a sink until it completes, or the event is given up.
     *
     * @return whether the reader is done with the event; else the consumer stops while its route still fails
     */
    private boolean deliver(TranscriptEvent event, EventQueue events) throws InterruptedException {
        Throwable failure = runRoute(event);
        if (failure == null) {
            return true;
        }
        getExceptionHandler().handleException("The route of a reader failed on an event", failure);
        Tries tries = new Tries(endpoint.getCamelContext(), getRouteId());
        long waitMillis = FIRST_RETRY_MILLIS;
        while (endpoint.getSink() != null && tries.isWorthAnother(failure)) {
            events.retried();
            if (stopped.await(waitMillis, TimeUnit.MILLISECONDS)) {
                return false;
            }
            waitMillis = Math.min(waitMillis * 2, LONGEST_RETRY_MILLIS);
            failure = runRoute(event);
            if (failure == null) {
                return true;
            }
        }
        return true;
    }

    /** Why the route failed, be it an error: the thread lives on; null where it did not fail. */
    private @Nullable Throwable runRoute(TranscriptEvent event) {
        Exchange exchange = createExchange(false);
        try {
            exchange.getMessage().setBody(event);
            getProcessor().process(exchange);
            return GivenUpException.failureOf(exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e;
        } catch (Exception | Error e) {
            return e;
        } finally {
            releaseExchange(exchange, false);
        }
    }
}
