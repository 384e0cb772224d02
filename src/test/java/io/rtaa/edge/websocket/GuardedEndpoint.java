package io.rtaa.edge.websocket;

import io.rtaa.call.Handshake;
import io.rtaa.call.HandshakeGuard.Verdict;
import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import io.rtaa.call.SocketHeaders;
import io.rtaa.edge.listener.PublicListenerOptions;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** One endpoint whose handshake route answers with the verdict that a test gives, and clients of it. */
abstract class GuardedEndpoint {

    static final Principal ASHA = new Principal("asha", Role.VIEWER, "acme");

    final Decision decision = new Decision();
    final Queue<Handshake> handshakes = decision.handshakes;
    final Queue<Object> principals = new ConcurrentLinkedQueue<>();
    final CompletableFuture<Verdict> verdict = decision.verdict;
    final AtomicInteger released = new AtomicInteger();
    final HttpClient http = HttpClient.newHttpClient();
    Fixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new Fixture(PublicListenerOptions.on("127.0.0.1", 0)
                .withEventLoops(1)
                .withHandshakeTimeout(Duration.ofMillis(700)));
        fixture.routes(guardedRoutes());
    }

    RouteBuilder guardedRoutes() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:who").errorHandler(noErrorHandler()).process(decision);
                from("websocket:guarded?path=/v1/guarded&kind=viewer&handshake=direct:who")
                        .process(
                                exchange -> principals.add(exchange.getMessage().getHeader(SocketHeaders.PRINCIPAL)));
            }
        };
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    CompletableFuture<WebSocket> connecting() {
        return http.newWebSocketBuilder()
                .subprotocols("bearer", "abc")
                .header("Authorization", "Bearer abc")
                .buildAsync(
                        URI.create("ws://127.0.0.1:" + fixture.port() + "/v1/guarded?a=b%20c&token=a%20b&d"),
                        new WebSocket.Listener() {});
    }

    WebSocket handshake() {
        return connecting().join();
    }

    HttpResponse<?> refused() {
        try {
            connecting().join().abort();
        } catch (CompletionException e) {
            return ((WebSocketHandshakeException) e.getCause()).getResponse();
        }
        throw new AssertionError("the handshake was not refused");
    }

    HttpResponse<String> get(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + fixture.port() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    static String upgradeRequest() {
        return "GET /v1/guarded HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    }

    String rawAnswer(String request) throws Exception {
        try (Socket socket = fixture.rawConnection()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
