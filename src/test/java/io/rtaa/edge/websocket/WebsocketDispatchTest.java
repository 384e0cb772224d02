package io.rtaa.edge.websocket;

import static io.rtaa.edge.websocket.RecordedEvents.bodies;
import static io.rtaa.edge.websocket.RecordedEvents.ended;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.call.SocketEvent;
import io.rtaa.call.SocketHeaders;
import io.rtaa.edge.websocket.RecordedEvents.Event;
import io.vertx.core.Context;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.AsyncProcessorSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On which threads and in what order a route gets the events of its sockets, and how it holds a socket back. */
@Timeout(30)
class WebsocketDispatchTest {

    private static final int MESSAGES = 5_000;

    private final RecordedEvents events = new RecordedEvents();
    private Fixture fixture;

    @BeforeEach
    void start() {
        fixture = new Fixture();
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    @Test
    void keepsTheMessagesOfEachSocketInOrderUnderLoad() throws Exception {
        fixture.route(Fixture.open("load") + Fixture.AT_ANY_RATE, events::record);

        List<Peer> peers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            peers.add(fixture.connect("/load"));
        }
        for (int n = 0; n < MESSAGES; n++) {
            for (Peer peer : peers) {
                peer.send(Integer.toString(n));
            }
        }
        peers.forEach(peer -> peer.socket().close());

        await().until(() ->
                events.bySocket().size() == 4 && events.bySocket().stream().allMatch(RecordedEvents::ended));
        List<String> sent =
                IntStream.range(0, MESSAGES).mapToObj(Integer::toString).toList();
        assertThat(events.bySocket()).allSatisfy(of -> {
            assertThat(of.get(0).event()).isEqualTo(SocketEvent.OPEN);
            assertThat(bodies(of)).isEqualTo(sent);
            assertThat(of).filteredOn(e -> e.event() == SocketEvent.CLOSE).hasSize(1);
        });
        assertThat(fixture.count("load", "messages.received")).isEqualTo(4L * MESSAGES);
        assertThat(fixture.gauge("load", "sockets.open")).isZero();
    }

    @Test
    void runsTheRouteOnSeveralEventLoops() throws Exception {
        fixture.route(Fixture.open("loops"), events::record);

        for (int i = 0; i < 6; i++) {
            fixture.connect("/loops").send("x");
        }

        await().until(() -> events.all().stream()
                        .filter(e -> e.event() == SocketEvent.MESSAGE)
                        .count()
                == 6);
        assertThat(events.all().stream().map(Event::thread).distinct())
                .hasSize(2)
                .allMatch(thread -> thread.contains("vert.x-eventloop-thread"));
        assertThat(events.bySocket())
                .allSatisfy(of ->
                        assertThat(of.stream().map(Event::thread).distinct()).hasSize(1));
    }

    @Test
    void pausesTheSocketWhileItsRouteIsBehindAndGoesOnWhereItWas() throws Exception {
        Queue<AsyncCallback> held = new ConcurrentLinkedQueue<>();
        fixture.routes(new RouteBuilder() {
            @Override
            public void configure() {
                from(Fixture.open("slow") + Fixture.AT_ANY_RATE).process(new AsyncProcessorSupport() {
                    @Override
                    public boolean process(Exchange exchange, AsyncCallback callback) {
                        events.record(exchange);
                        if (exchange.getMessage().getHeader(SocketHeaders.EVENT) == SocketEvent.MESSAGE) {
                            held.add(callback);
                            return false;
                        }
                        callback.done(true);
                        return true;
                    }
                });
            }
        });
        Peer peer = fixture.connect("/slow");
        byte[] message = new byte[64 * 1024];
        int sent = 0;
        // When the route does not go on, its socket is not read, and so the peer's own write queue stays full.
        while (sent < 2000 && !(peer.socket().writeQueueFull() && sent > 100)) {
            peer.send(message);
            sent++;
            if (peer.socket().writeQueueFull()) {
                CountDownLatch drained = new CountDownLatch(1);
                peer.socket().drainHandler(v -> drained.countDown());
                if (peer.socket().writeQueueFull() && !drained.await(500, TimeUnit.MILLISECONDS)) {
                    break;
                }
            }
        }

        assertThat(sent).as("messages the peer got rid of, of 64 KiB each").isLessThan(2000);
        assertThat(held).hasSize(1);
        assertThat(fixture.count("slow", "messages.received")).isEqualTo(1);

        peer.socket().close();
        int total = sent;
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> {
            AsyncCallback next = held.poll();
            if (next != null) {
                next.done(false);
            }
            return ended(events.all());
        });
        assertThat(bodies(events.all())).hasSize(total);
        assertThat(events.all().get(total + 1).event()).isEqualTo(SocketEvent.CLOSE);
    }

    @Test
    void runsABlockingRouteOnWorkersStillInOrder() throws Exception {
        Semaphore gate = new Semaphore(0);
        fixture.route(Fixture.open("worker") + "&dispatch=worker", exchange -> {
            gate.acquireUninterruptibly();
            gate.release();
            events.record(exchange);
        });

        Peer one = fixture.connect("/worker");
        Peer other = fixture.connect("/worker");
        for (int n = 0; n < 500; n++) {
            one.send(Integer.toString(n));
            other.send(Integer.toString(n));
        }
        gate.release();
        one.socket().close();
        other.socket().close();

        await().until(() ->
                events.bySocket().size() == 2 && events.bySocket().stream().allMatch(RecordedEvents::ended));
        List<String> sent = IntStream.range(0, 500).mapToObj(Integer::toString).toList();
        assertThat(events.bySocket()).allSatisfy(of -> assertThat(bodies(of)).isEqualTo(sent));
        assertThat(events.all()).allMatch(event -> event.thread().contains("websocket-worker"));
    }

    @Test
    void anEndpointWhoseRouteBlocksHoldsUpNoOtherAndNoneOfVertxWorkers() throws Exception {
        Semaphore gate = new Semaphore(0);
        fixture.routes(new RouteBuilder() {
            @Override
            public void configure() {
                from(Fixture.open("blocked") + "&dispatch=worker").process(exchange -> {
                    gate.acquireUninterruptibly();
                    gate.release();
                });
                from(Fixture.open("free") + "&dispatch=worker").process(events::record);
            }
        });
        try {
            for (int i = 0; i < 2 * VertxOptions.DEFAULT_WORKER_POOL_SIZE; i++) {
                fixture.connect("/blocked");
            }
            int waiting = 2 * VertxOptions.DEFAULT_WORKER_POOL_SIZE - WebsocketEndpointOptions.DEFAULT_WORKER_THREADS;
            await().until(() -> fixture.gauge("blocked", "worker.waiting") == waiting);

            fixture.connect("/free").send("hello");

            await().until(() -> events.all().size() == 2);
            assertThat(fixture.vertx.executeBlocking(() -> "done").toCompletionStage())
                    .succeedsWithin(Duration.ofSeconds(30));
        } finally {
            gate.release();
        }
        await().until(() -> fixture.gauge("blocked", "worker.waiting") == 0);
    }

    @Test
    void anEventThatFindsTheQueueOfItsEndpointFullWaitsAtItsSocket() throws Exception {
        Semaphore gate = new Semaphore(0);
        fixture.camel.start();
        WebsocketEndpoint endpoint =
                fixture.camel.getEndpoint(Fixture.open("full") + "&dispatch=worker", WebsocketEndpoint.class);
        EndpointWorkers workers = new EndpointWorkers(new WebsocketConsumer(endpoint, exchange -> {}), 1);
        AtomicInteger done = new AtomicInteger();
        Context context = fixture.vertx.getOrCreateContext();
        try {
            for (int i = 0; i < EndpointWorkers.QUEUE + 3; i++) {
                workers.run(
                        context,
                        () -> {
                            gate.acquireUninterruptibly();
                            gate.release();
                            done.incrementAndGet();
                        },
                        closed -> {
                            throw closed;
                        });
            }
            assertThat(fixture.count("full", "worker.full")).isPositive();
        } finally {
            gate.release();
        }

        await().until(() -> done.get() == EndpointWorkers.QUEUE + 3);
        assertThat(fixture.gauge("full", "worker.waiting")).isZero();
        workers.close();
    }

    @Test
    void goesOnAfterARouteFailed() throws Exception {
        fixture.route(Fixture.open("failing"), exchange -> {
            events.record(exchange);
            if ("bad".equals(exchange.getMessage().getBody())) {
                throw new IllegalStateException("on purpose");
            }
        });

        Peer peer = fixture.connect("/failing");
        peer.send("good");
        peer.send("bad");
        peer.send("good again");

        await().until(() -> events.all().size() == 4);
        assertThat(bodies(events.all())).containsExactly("good", "bad", "good again");
        assertThat(fixture.count("failing", "events.failed")).isEqualTo(1);
        assertThat(peer.closeCode).isNotDone();
    }
}
