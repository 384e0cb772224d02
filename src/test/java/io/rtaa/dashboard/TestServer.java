package io.rtaa.dashboard;

import io.rtaa.call.HandshakeGuard;
import io.rtaa.call.HandshakeGuard.Verdict;
import io.rtaa.call.KeepAlive;
import io.rtaa.call.Principal;
import io.rtaa.call.SocketEvent;
import io.rtaa.call.SocketHeaders;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallErased;
import io.rtaa.tracing.CallTracing;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Page, API and fan-out behind one real HTTP server, with plain Vert.x sockets in place of the websocket component. */
final class TestServer implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final Map<String, ServerWebSocket> sockets = new ConcurrentHashMap<>();
    private final TranscriptFanOut fanOut;
    final CallBook book;
    private final Router router;
    private HttpServer server;

    private static final HandshakeGuard EVERYBODY =
            handshake -> CompletableFuture.completedFuture(new Verdict.Granted(Principal.ANYONE, null));

    static final long MOST_UNSENT_BYTES = 1 << 20;

    static final Duration LOST_AFTER = Duration.ofMinutes(2);

    private final AtomicLong ahead = new AtomicLong();
    final PageWorkers workers = new PageWorkers();

    /** What the guard says; tests change it under way. */
    volatile HandshakeGuard guard;

    /** Takes erasures of calls; tests change it under way. */
    volatile Function<CallErased, CompletionStage<Void>> bus = this::erase;

    TestServer(@Nullable Supplier<CompletionStage<String>> demoPlacer) {
        this(demoPlacer, 0, EVERYBODY);
    }

    /** A server that knows of no calls yet, on the port of one that is closed. */
    static TestServer inPlaceOf(int port) {
        return new TestServer(null, port, EVERYBODY);
    }

    /** As {@link #inPlaceOf(int)}, with a guard before the first page comes: those that lost the line are quick. */
    static TestServer inPlaceOf(int port, HandshakeGuard guard) {
        return new TestServer(null, port, guard);
    }

    private TestServer(@Nullable Supplier<CompletionStage<String>> demoPlacer, int port, HandshakeGuard atFirst) {
        guard = atFirst;
        Clock clock = clock();
        book = new CallBook(clock, CallBook.Limits.DEFAULT, LOST_AFTER);
        fanOut = new TranscriptFanOut(book, clock, CallTracing.OFF);
        router = Router.router(vertx);
        router.route("/v1/transcripts")
                .handler(ctx -> guard.check(DashboardApi.handshake(ctx.request()))
                        .thenAccept(verdict -> {
                            if (verdict instanceof Verdict.Granted
                                    && ctx.request().getHeader("Upgrade") == null) {
                                answer(ctx, 426, "a websocket handshake is needed");
                            } else if (verdict instanceof Verdict.Granted granted) {
                                ctx.request().toWebSocket().onSuccess(socket -> opened(socket, granted.principal()));
                            } else if (verdict instanceof Verdict.Refused refused) {
                                if (refused.challenge() != null) {
                                    ctx.response().putHeader("WWW-Authenticate", refused.challenge());
                                }
                                answer(ctx, refused.status(), refused.reason());
                            }
                        }));
        new DashboardApi(
                        book,
                        handshake -> guard.check(handshake),
                        demoPlacer,
                        erasure -> bus.apply(erasure),
                        clock,
                        workers,
                        new UnsentAnswers(MOST_UNSENT_BYTES))
                .mount(router);
        new DashboardPage(workers).mount(router);
        server = start(router, port);
        vertx.setPeriodic(25, timer -> pass(new DefaultExchange(camel)));
    }

    private static void answer(RoutingContext ctx, int status, String reason) {
        ctx.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(new JsonObject().put("error", status).put("reason", reason).encode());
    }

    private HttpServer start(Router router, int port) {
        return vertx.createHttpServer(new HttpServerOptions().addWebSocketSubProtocol("bearer"))
                .requestHandler(router)
                .listen(port, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    /** Cuts every line and stays down until {@link #comeBack}. */
    int goDown() {
        int port = server.actualPort();
        sockets.clear();
        server.close().toCompletionStage().toCompletableFuture().join();
        return port;
    }

    /** Another connection of this machine may have the port for a while. */
    void comeBack(int port) {
        Awaitility.await().ignoreExceptions().until(() -> {
            server = start(router, port);
            return true;
        });
    }

    /** Sends a text to every browser. */
    void tell(String text) {
        sockets.values().forEach(socket -> socket.writeTextMessage(text));
    }

    /** Closes every socket. */
    void closeSockets(int code) {
        sockets.values().forEach(socket -> socket.close((short) code));
    }

    int readers() {
        return fanOut.subscriptions();
    }

    private void opened(ServerWebSocket socket, Principal principal) {
        String key = UUID.randomUUID().toString();
        sockets.put(key, socket);
        socket.closeHandler(nothing -> {
            sockets.remove(key);
            onSocket(key, SocketEvent.CLOSE, principal, socket);
        });
        onSocket(key, SocketEvent.OPEN, principal, socket);
    }

    private void onSocket(String key, SocketEvent event, Principal principal, ServerWebSocket socket) {
        Exchange exchange = new DefaultExchange(camel);
        Message message = exchange.getMessage();
        message.setHeader(SocketHeaders.CONNECTION_KEY, key);
        message.setHeader(SocketHeaders.EVENT, event);
        message.setHeader(SocketHeaders.PRINCIPAL, principal);
        message.setHeader(SocketHeaders.QUERY, socket.query());
        pass(exchange);
    }

    void publish(TranscriptEvent... events) {
        for (TranscriptEvent event : events) {
            Exchange exchange = new DefaultExchange(camel);
            exchange.getMessage().setBody(event);
            pass(exchange);
        }
    }

    CompletionStage<Void> erase(CallErased erasure) {
        publish(erasure);
        return CompletableFuture.completedFuture(null);
    }

    /** One fan-out: what it says is sent before it does the next thing. */
    private synchronized void pass(Exchange exchange) {
        fanOut.process(exchange);
        Message message = exchange.getMessage();
        if (exchange.isRouteStop()) {
            return;
        }
        Collection<?> keys = message.getHeader(SocketHeaders.CONNECTION_KEYS, Collection.class);
        Collection<?> to = keys == null ? List.of(message.getHeader(SocketHeaders.CONNECTION_KEY, String.class)) : keys;
        Collection<?> texts =
                message.getBody() instanceof Collection<?> many ? many : List.of(message.getBody(String.class));
        for (Object key : to) {
            ServerWebSocket socket = sockets.get(String.valueOf(key));
            if (socket != null) {
                texts.forEach(text -> socket.writeTextMessage(String.valueOf(text)));
            }
        }
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public Instant instant() {
                return Instant.now().plusMillis(ahead.get());
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
    }

    /** Time passes for the server, in which it can read the bus. */
    void passes(Duration time) {
        for (long second = 0; second < time.toSeconds(); second++) {
            ahead.addAndGet(1000);
            book.looks(true);
        }
    }

    /** A worker says that it still has a call. */
    void keepAlive(StreamId stream) {
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody(new KeepAlive(stream, 0, null));
        pass(exchange);
    }

    /** Takes every thread of Vert.x' shared worker pool, until the latch is open. */
    void occupyVertxWorkers(CountDownLatch until) {
        for (int i = 0; i < VertxOptions.DEFAULT_WORKER_POOL_SIZE; i++) {
            vertx.executeBlocking(
                    () -> {
                        until.await();
                        return null;
                    },
                    false);
        }
    }

    @Override
    public void close() {
        workers.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
