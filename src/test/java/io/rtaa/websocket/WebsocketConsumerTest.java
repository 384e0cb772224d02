package io.rtaa.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.call.CloseCause;
import io.rtaa.call.Principal;
import io.rtaa.call.SocketEvent;
import io.rtaa.call.SocketHeaders;
import io.vertx.core.Context;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.http.WebSocketFrameType;
import io.vertx.core.http.impl.ws.WebSocketFrameImpl;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.AsyncProcessorSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WebsocketConsumerTest {

    private static final int MESSAGES = 5_000;

    private final Map<String, List<Event>> events = new ConcurrentHashMap<>();
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
        startRoute("websocket:load?path=/load", this::record);

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

        await().until(() -> events.size() == 4 && events.values().stream().allMatch(WebsocketConsumerTest::ended));
        List<String> sent =
                IntStream.range(0, MESSAGES).mapToObj(Integer::toString).toList();
        assertThat(events.values()).allSatisfy(of -> {
            assertThat(of.get(0).event()).isEqualTo(SocketEvent.OPEN);
            assertThat(bodies(of)).isEqualTo(sent);
            assertThat(of).filteredOn(e -> e.event() == SocketEvent.CLOSE).hasSize(1);
        });
        assertThat(fixture.count("load", "messages.received")).isEqualTo(4L * MESSAGES);
        assertThat(fixture.gauge("load", "sockets.open")).isZero();
    }

    @Test
    void runsTheRouteOnSeveralEventLoops() throws Exception {
        startRoute("websocket:loops?path=/loops", this::record);

        for (int i = 0; i < 6; i++) {
            fixture.connect("/loops").send("x");
        }

        await().until(() -> allEvents().stream()
                        .filter(e -> e.event() == SocketEvent.MESSAGE)
                        .count()
                == 6);
        assertThat(allEvents().stream().map(Event::thread).distinct())
                .hasSize(2)
                .allMatch(thread -> thread.contains("vert.x-eventloop-thread"));
        assertThat(events.values())
                .allSatisfy(of ->
                        assertThat(of.stream().map(Event::thread).distinct()).hasSize(1));
    }

    @Test
    void setsItsOwnHeadersAndNothingThatAPeerNames() throws Exception {
        startRoute("websocket:headers?path=/headers", this::record);

        Peer.connect(
                        fixture.clientVertx,
                        fixture.port(),
                        "/headers?CamelHttpUri=http://evil&RtaaWebsocketPrincipal=root",
                        Map.of("CamelFileName", "x", "kafka.TOPIC", "y"))
                .send("hello");

        await().until(() -> allEvents().size() == 2);
        Event opened = allEvents().get(0);
        assertThat(opened.headers())
                .containsOnly(
                        Map.entry(SocketHeaders.CONNECTION_KEY, opened.key()),
                        Map.entry(SocketHeaders.EVENT, SocketEvent.OPEN),
                        Map.entry(SocketHeaders.REMOTE_ADDRESS, "127.0.0.1"),
                        Map.entry(SocketHeaders.PATH, "/headers"),
                        Map.entry(SocketHeaders.QUERY, "CamelHttpUri=http://evil&RtaaWebsocketPrincipal=root"),
                        Map.entry(SocketHeaders.PRINCIPAL, Principal.ANYONE));
        assertThat(opened.body()).isNull();
        assertThat(allEvents().get(1).headers())
                .containsOnly(
                        Map.entry(SocketHeaders.CONNECTION_KEY, opened.key()),
                        Map.entry(SocketHeaders.EVENT, SocketEvent.MESSAGE),
                        Map.entry(SocketHeaders.PRINCIPAL, Principal.ANYONE));
    }

    @Test
    void deliversTextAsStringAndBinaryAsBytesAndPutsFragmentsTogether() throws Exception {
        startRoute("websocket:bodies?path=/bodies", this::record);

        Peer peer = fixture.connect("/bodies");
        peer.send("नमस्ते");
        peer.send(new byte[] {1, 2, 3});
        peer.socket().writeFrame(WebSocketFrame.textFrame("one ", false));
        peer.socket().writePing(Buffer.buffer("between"));
        peer.socket().writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer("two "), false));
        peer.socket().writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer("three"), true));

        await().until(() -> allEvents().size() == 4);
        assertThat(bodies(allEvents())).containsExactly("नमस्ते", new byte[] {1, 2, 3}, "one two three");
    }

    @Test
    void tellsTheCloseCodeOfThePeer() throws Exception {
        startRoute("websocket:close?path=/close", this::record);

        Peer peer = fixture.connect("/close");
        peer.socket().close((short) 4001, "done talking");

        Event close = awaitClose();
        assertThat(close.headers())
                .containsEntry(SocketHeaders.CLOSE_CODE, 4001)
                .containsEntry(SocketHeaders.CLOSE_REASON, "done talking");
        assertThat(close.body()).isNull();
    }

    @Test
    void tells1006WhenTheConnectionJustGoes() throws Exception {
        startRoute("websocket:cut?path=/cut", this::record);

        Socket socket = fixture.rawHandshake("/cut");
        socket.setSoLinger(true, 0);
        socket.close();

        assertThat(awaitClose().headers()).containsEntry(SocketHeaders.CLOSE_CODE, 1006);
        assertThat(allEvents()).hasSize(2);
    }

    @Test
    void pausesTheSocketWhileItsRouteIsBehindAndGoesOnWhereItWas() throws Exception {
        Queue<AsyncCallback> held = new ConcurrentLinkedQueue<>();
        fixture.routes(new RouteBuilder() {
            @Override
            public void configure() {
                from("websocket:slow?path=/slow").process(new AsyncProcessorSupport() {
                    @Override
                    public boolean process(Exchange exchange, AsyncCallback callback) {
                        record(exchange);
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
            return ended(allEvents());
        });
        assertThat(bodies(allEvents())).hasSize(total);
        assertThat(allEvents().get(total + 1).event()).isEqualTo(SocketEvent.CLOSE);
    }

    @Test
    void runsABlockingRouteOnWorkersStillInOrder() throws Exception {
        Semaphore gate = new Semaphore(0);
        startRoute("websocket:worker?path=/worker&dispatch=worker", exchange -> {
            gate.acquireUninterruptibly();
            gate.release();
            record(exchange);
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

        await().until(() -> events.size() == 2 && events.values().stream().allMatch(WebsocketConsumerTest::ended));
        List<String> sent = IntStream.range(0, 500).mapToObj(Integer::toString).toList();
        assertThat(events.values()).allSatisfy(of -> assertThat(bodies(of)).isEqualTo(sent));
        assertThat(allEvents()).allMatch(event -> event.thread().contains("websocket-worker"));
    }

    @Test
    void anEndpointWhoseRouteBlocksHoldsUpNoOtherAndNoneOfVertxWorkers() throws Exception {
        Semaphore gate = new Semaphore(0);
        fixture.routes(new RouteBuilder() {
            @Override
            public void configure() {
                from("websocket:blocked?path=/blocked&dispatch=worker").process(exchange -> {
                    gate.acquireUninterruptibly();
                    gate.release();
                });
                from("websocket:free?path=/free&dispatch=worker").process(WebsocketConsumerTest.this::record);
            }
        });
        try {
            for (int i = 0; i < 2 * VertxOptions.DEFAULT_WORKER_POOL_SIZE; i++) {
                fixture.connect("/blocked");
            }
            int waiting = 2 * VertxOptions.DEFAULT_WORKER_POOL_SIZE - WebsocketEndpointOptions.DEFAULT_WORKER_THREADS;
            await().until(() -> fixture.gauge("blocked", "worker.waiting") == waiting);

            fixture.connect("/free").send("hello");

            await().until(() -> allEvents().size() == 2);
            assertThat(fixture.vertx.executeBlocking(() -> "done").toCompletionStage())
                    .succeedsWithin(Duration.ofSeconds(10));
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
                fixture.camel.getEndpoint("websocket:full?path=/full&dispatch=worker", WebsocketEndpoint.class);
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
        startRoute("websocket:failing?path=/failing", exchange -> {
            record(exchange);
            if ("bad".equals(exchange.getMessage().getBody())) {
                throw new IllegalStateException("on purpose");
            }
        });

        Peer peer = fixture.connect("/failing");
        peer.send("good");
        peer.send("bad");
        peer.send("good again");

        await().until(() -> allEvents().size() == 4);
        assertThat(bodies(allEvents())).containsExactly("good", "bad", "good again");
        assertThat(fixture.count("failing", "events.failed")).isEqualTo(1);
        assertThat(peer.closeCode).isNotDone();
    }

    @Test
    void closesWith1009WhenAMessageIsTooBigInOneFrameOrInMany() throws Exception {
        startRoute("websocket:big?path=/big&maxMessageBytes=1000&maxFrameBytes=600", this::record);

        Peer wholeFrame = fixture.connect("/big");
        wholeFrame.send(new byte[601]);
        Peer fragments = fixture.connect("/big");
        fragments.socket().writeFrame(WebSocketFrame.binaryFrame(Buffer.buffer(new byte[600]), false));
        fragments.socket().writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer(new byte[401]), true));
        fragments.send("late");
        Peer fitting = fixture.connect("/big");
        fitting.send(new byte[600]);

        assertThat(wholeFrame.awaitClose()).isEqualTo(1009);
        assertThat(fragments.awaitClose()).isEqualTo(1009);
        await().until(() -> bodies(allEvents()).size() == 1);
        assertThat(fitting.closeCode).isNotDone();
        assertThat(fixture.count("big", "too.big.closed")).isEqualTo(2);
        await().until(() -> allEvents().stream()
                        .filter(e -> Integer.valueOf(1009).equals(e.headers().get(SocketHeaders.CLOSE_CODE)))
                        .count()
                == 2);
    }

    @Test
    void refusesATenMegabyteFrameByItsHeadWithoutReadingItIn() throws Exception {
        startRoute("websocket:huge?path=/huge", this::record);

        try (Socket socket = fixture.rawHandshake("/huge")) {
            // A final, masked, binary frame of 10 MB: only its head is sent, and that is enough to be refused.
            socket.getOutputStream().write(new byte[] {
                (byte) 0x82, (byte) 0xFF, 0, 0, 0, 0, 0, (byte) 0x98, (byte) 0x96, (byte) 0x80, 1, 2, 3, 4
            });
            byte[] answer = socket.getInputStream().readNBytes(4);
            assertThat(answer[0]).isEqualTo((byte) 0x88);
            assertThat(((answer[2] & 0xFF) << 8) | (answer[3] & 0xFF)).isEqualTo(1009);
            byte[] rest = new byte[1024 * 1024];
            for (int i = 0; i < 10; i++) {
                socket.getOutputStream().write(rest);
            }
        }
        assertThat(awaitClose().headers()).containsEntry(SocketHeaders.CLOSE_CODE, 1009);
        assertThat(allEvents()).hasSize(2);
        assertThat(fixture.count("huge", "too.big.closed")).isEqualTo(1);
    }

    @Test
    void closesWith1007WhenATextIsNotUtf8() throws Exception {
        startRoute("websocket:text?path=/text", this::record);

        Peer peer = fixture.connect("/text");
        peer.send("a real \uFFFD is fine");
        peer.socket()
                .writeFrame(new WebSocketFrameImpl(WebSocketFrameType.TEXT, new byte[] {'a', (byte) 0xC3, '('}, true));

        assertThat(peer.awaitClose()).isEqualTo(1007);
        await().until(() -> ended(allEvents()));
        assertThat(bodies(allEvents())).containsExactly("a real \uFFFD is fine");
    }

    @Test
    void closesAPeerThatStaysSilentLongerThanAllowed() throws Exception {
        startRoute("websocket:idle?path=/idle&idleTimeout=200", this::record);

        Peer peer = fixture.connect("/idle");

        assertThat(awaitClose().headers())
                .containsEntry(SocketHeaders.CLOSE_CODE, 1000)
                .containsEntry(SocketHeaders.CLOSE_CAUSE, CloseCause.IDLE);
        assertThat(peer.awaitClose()).isEqualTo(1000);
    }

    private void startRoute(String uri, Processor processor) throws Exception {
        fixture.routes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri).routeId("under-test").process(processor).process(exchange -> {});
            }
        });
    }

    private void record(Exchange exchange) {
        Map<String, Object> headers = new HashMap<>(exchange.getMessage().getHeaders());
        String key = (String) headers.get(SocketHeaders.CONNECTION_KEY);
        events.computeIfAbsent(key, any -> Collections.synchronizedList(new ArrayList<>()))
                .add(new Event(
                        key,
                        (SocketEvent) headers.get(SocketHeaders.EVENT),
                        exchange.getMessage().getBody(),
                        headers,
                        Thread.currentThread().getName()));
    }

    private List<Event> allEvents() {
        List<Event> all = new ArrayList<>();
        events.values().forEach(of -> {
            synchronized (of) {
                all.addAll(of);
            }
        });
        return all;
    }

    private Event awaitClose() {
        await().until(() -> allEvents().stream().anyMatch(e -> e.event() == SocketEvent.CLOSE));
        return allEvents().stream()
                .filter(e -> e.event() == SocketEvent.CLOSE)
                .findFirst()
                .orElseThrow();
    }

    private static boolean ended(List<Event> of) {
        return !of.isEmpty() && of.get(of.size() - 1).event() == SocketEvent.CLOSE;
    }

    private static List<Object> bodies(List<Event> of) {
        return of.stream()
                .filter(e -> e.event() == SocketEvent.MESSAGE)
                .map(Event::body)
                .toList();
    }

    private record Event(String key, SocketEvent event, Object body, Map<String, Object> headers, String thread) {}
}
