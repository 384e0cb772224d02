package io.rtaa.edge.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.rtaa.call.Handshake;
import io.rtaa.call.HandshakeGuard.Verdict;
import io.rtaa.call.PeerKind;
import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import io.rtaa.call.SocketHeaders;
import io.rtaa.edge.listener.PublicListenerOptions;
import io.rtaa.routes.HandshakeExchange;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@Timeout(30)
class HandshakeGateTest {

    private static final Principal ASHA = new Principal("asha", Role.VIEWER, "acme");

    private final Decision decision = new Decision();
    private final Queue<Handshake> handshakes = decision.handshakes;
    private final Queue<Object> principals = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Verdict> verdict = decision.verdict;
    private final AtomicInteger released = new AtomicInteger();
    private final HttpClient http = HttpClient.newHttpClient();
    private Fixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new Fixture(PublicListenerOptions.on("127.0.0.1", 0)
                .withEventLoops(1)
                .withHandshakeTimeout(Duration.ofMillis(700)));
        fixture.routes(guardedRoutes());
    }

    private RouteBuilder guardedRoutes() {
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

    @Test
    void letsInWhoIsGrantedWithTheGivenSubprotocol() {
        verdict.complete(new Verdict.Granted(ASHA, "bearer"));

        WebSocket socket = handshake();

        assertThat(socket.getSubprotocol()).isEqualTo("bearer");
        await().until(() -> principals.contains(ASHA));
        Handshake seen = handshakes.element();
        assertThat(seen.path()).isEqualTo("/v1/guarded");
        assertThat(seen.kind()).isEqualTo(PeerKind.VIEWER);
        assertThat(seen.query()).isEqualTo("a=b%20c&d");
        assertThat(seen.queryToken()).isEqualTo("a b");
        assertThat(seen.remoteAddress()).isEqualTo("127.0.0.1");
        assertThat(seen.header("authorization")).isEqualTo("Bearer abc");
        assertThat(seen.header("sec-websocket-protocol")).isEqualTo("bearer, abc");
        socket.abort();
    }

    @Test
    void waitsForAnAnswerThatComesLater() {
        CompletableFuture<WebSocket> connecting = connecting();
        await().until(() -> handshakes.size() == 1);
        assertThat(connecting).isNotDone();

        verdict.complete(new Verdict.Granted(ASHA, null));

        connecting.join().abort();
        await().until(() -> principals.contains(ASHA));
    }

    @Test
    void aPeerThatResetsItsConnectionRightAfterAGoodHandshakeLeavesNothingBehind() throws Exception {
        int peers = 60;
        verdict.complete(new Verdict.Granted(ASHA, null, released::incrementAndGet));
        Queue<Throwable> unhandled = new ConcurrentLinkedQueue<>();
        // A reset is read along with the handshake on epoll, not on NIO.
        try (Fixture onEpoll = Fixture.onEpoll()) {
            onEpoll.vertx.exceptionHandler(unhandled::add);
            onEpoll.routes(guardedRoutes());
            for (int i = 0; i < peers; i++) {
                try (Socket socket = onEpoll.rawConnection()) {
                    socket.setSoLinger(true, 0);
                    socket.getOutputStream().write(upgradeRequest().getBytes(StandardCharsets.US_ASCII));
                }
                int gone = i + 1;
                await().pollInterval(Duration.ofMillis(2)).until(() -> released.get() == gone);
            }
        }
        assertThat(unhandled).isEmpty();
    }

    @Test
    void refuses401WithAChallengeAndAReason() {
        verdict.complete(new Verdict.Refused(401, "no \"token\"", null, "Bearer realm=\"rtaa\""));

        HttpResponse<?> response = refused();

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("www-authenticate")).contains("Bearer realm=\"rtaa\"");
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        assertThat(response.headers().firstValue("retry-after")).isEmpty();
        assertThat(fixture.count("guarded", "handshakes.refused", "status", "401"))
                .isEqualTo(1);
        assertThat(principals).isEmpty();
    }

    @Test
    void refuses403() {
        verdict.complete(new Verdict.Refused(403, "not your door", null));

        assertThat(refused().statusCode()).isEqualTo(403);
    }

    @Test
    void roundsRetryAfterUpToWholeSeconds() {
        verdict.complete(new Verdict.Refused(429, "too many", Duration.ofMillis(1001)));

        HttpResponse<?> response = refused();

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("retry-after")).contains("2");
    }

    @Test
    void refuses503WhenTheRouteFailsWithoutSayingWhy() throws Exception {
        verdict.completeExceptionally(new IllegalStateException("secret detail"));

        String answer = rawAnswer(upgradeRequest());

        assertThat(answer).startsWith("HTTP/1.1 503").doesNotContain("secret").contains("\"error\":503");
    }

    @Test
    void refuses503WhenTheRouteGivesNoAnswerInTime() {
        assertThat(refused().statusCode()).isEqualTo(503);

        verdict.complete(new Verdict.Granted(ASHA, null));
        assertThat(fixture.count("guarded", "handshakes.refused", "status", "503"))
                .isEqualTo(1);
        assertThat(fixture.count("guarded", "sockets.opened")).isZero();
    }

    @Test
    void forgetsAPeerThatLeftDuringTheHandshake() throws Exception {
        Socket socket = sent(upgradeRequest());
        await().until(() -> handshakes.size() == 1);
        leave(socket);

        verdict.complete(new Verdict.Granted(ASHA, null));

        assertThat(get("/elsewhere").statusCode()).isEqualTo(404);
        assertThat(fixture.gauge("guarded", "sockets.open")).isZero();
        assertThat(principals).isEmpty();
    }

    @Test
    void aGrantIsGivenBackIfThePeerLeftBeforeIt() throws Exception {
        Socket socket = sent(upgradeRequest());
        await().until(() -> handshakes.size() == 1);
        leave(socket);

        verdict.complete(grantThatHoldsAPlace());

        await().untilAtomic(released, equalTo(1));
    }

    @Test
    void aHandshakeWithABodyIsRefusedBeforeItTakesAPlace() throws Exception {
        verdict.complete(grantThatHoldsAPlace());

        for (String header : List.of("Content-Length: 99999", "Transfer-Encoding: chunked")) {
            assertThat(rawAnswer(upgradeRequest().replace("\r\n\r\n", "\r\n" + header + "\r\n\r\n")))
                    .startsWith("HTTP/1.1 400")
                    .contains("a websocket handshake has no body");
        }
        assertThat(handshakes).isEmpty();
    }

    @Test
    void aSecondHandshakeBehindTheFirstOneHoldsNoPlace() throws Exception {
        verdict.complete(grantThatHoldsAPlace());
        Socket socket = sent(upgradeRequest() + upgradeRequest());
        await().until(() -> !principals.isEmpty());

        leave(socket);

        await().untilAsserted(() -> assertThat(released.get()).isEqualTo(handshakes.size()));
        assertThat(fixture.gauge("guarded", "sockets.open")).isZero();
        // It would end what is left of the second one, and give its place back once more.
        fixture.camel.getRouteController().stopAllRoutes();
        assertThat(released).hasValue(2);
    }

    @Test
    void aGrantIsGivenBackIfTheHandshakeIsMalformed() throws Exception {
        verdict.complete(grantThatHoldsAPlace());

        assertThat(rawAnswer(upgradeRequest().replace("Version: 13", "Version: 3")))
                .startsWith("HTTP/1.1 426");

        await().untilAtomic(released, equalTo(1));
    }

    @Test
    void aGrantIsGivenBackIfItComesTooLate() {
        assertThat(refused().statusCode()).isEqualTo(503);

        verdict.complete(grantThatHoldsAPlace());

        await().untilAtomic(released, equalTo(1));
    }

    @Test
    void aConnectionKeepsWhatItWasGrantedUntilItHasEnded() {
        verdict.complete(grantThatHoldsAPlace());

        WebSocket socket = handshake();
        await().until(() -> fixture.gauge("guarded", "sockets.open") == 1);
        assertThat(released).hasValue(0);
        socket.abort();

        await().untilAtomic(released, equalTo(1));
    }

    @Test
    void whatAConnectionUsesUpIsGivenBackOnlyIfThereWasNone() throws Exception {
        AtomicInteger givenBack = new AtomicInteger();
        fixture.camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:spends").process(exchange -> {
                    HandshakeExchange attempt = HandshakeExchange.of(exchange);
                    attempt.spend(givenBack::incrementAndGet);
                    attempt.hold(released::incrementAndGet);
                    attempt.grant(ASHA);
                });
                from("websocket:spending?path=/v1/spending&kind=caller&handshake=direct:spends")
                        .stop();
            }
        });
        assertThat(get("/v1/spending").statusCode()).isEqualTo(426);
        assertThat(givenBack).hasValue(1);

        fixture.rawHandshake("/v1/spending").close();

        await().untilAtomic(released, equalTo(2));
        assertThat(givenBack).hasValue(1);
    }

    @Test
    void refusesWhereTheRouteGrantsNothing() throws Exception {
        fixture.camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:nobody").log("a handshake");
                from("websocket:closed?path=/v1/closed&kind=caller&handshake=direct:nobody")
                        .stop();
            }
        });

        assertThat(get("/v1/closed"))
                .returns(403, HttpResponse::statusCode)
                .extracting(HttpResponse::body, InstanceOfAssertFactories.STRING)
                .contains("lets nobody in");
    }

    @Test
    void refuses503WhereAStepFailsAfterAGrantAlthoughTheRouteHandlesIt() throws Exception {
        fixture.camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:handling")
                        .onException(IllegalStateException.class)
                        .handled(true)
                        .end()
                        .process(HandshakeGateTest::grant)
                        .throwException(new IllegalStateException("no place was taken"));
                from("direct:dead")
                        .errorHandler(deadLetterChannel("log:dead"))
                        .process(HandshakeGateTest::grant)
                        .throwException(new IllegalStateException("no place was taken"));
                from("direct:refusing")
                        .onException(IllegalStateException.class)
                        .handled(true)
                        .process(exchange -> HandshakeExchange.of(exchange)
                                .refuse(exchange, new Verdict.Refused(429, "later", null)))
                        .end()
                        .process(HandshakeGateTest::grant)
                        .throwException(new IllegalStateException("no place was taken"));
                from("websocket:refusing?path=/v1/refusing&kind=caller&handshake=direct:refusing")
                        .stop();
                from("websocket:handling?path=/v1/handling&kind=caller&handshake=direct:handling")
                        .stop();
                from("websocket:dead?path=/v1/dead&kind=caller&handshake=direct:dead")
                        .stop();
            }
        });

        assertThat(get("/v1/handling").statusCode()).isEqualTo(503);
        assertThat(get("/v1/dead").statusCode()).isEqualTo(503);
        assertThat(get("/v1/refusing").statusCode()).isEqualTo(429);
    }

    private static void grant(Exchange exchange) {
        HandshakeExchange.of(exchange).grant(ASHA);
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void refuses503WhereTheRouteIsStopped(CapturedOutput output) throws Exception {
        fixture.camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("websocket:alone?path=/v1/alone&kind=caller&handshake=direct:missing")
                        .stop();
            }
        });

        assertThat(get("/v1/alone").statusCode()).isEqualTo(503);
        assertThat(output)
                .contains(
                        "Every handshake on /v1/alone of websocket:alone is answered with 503: no route of this process is"
                                + " from direct:missing; allowed: ")
                .doesNotContain("Every handshake on /v1/guarded");
    }

    @Test
    void asksForAnUpgradeWhereThereIsNone() throws Exception {
        verdict.complete(new Verdict.Granted(ASHA, null));

        HttpResponse<String> response = get("/v1/guarded");

        assertThat(response.statusCode()).isEqualTo(426);
        assertThat(response.headers().firstValue("upgrade")).contains("websocket");
        assertThat(response.body()).contains("\"error\":426", "\"reason\":");
        assertThat(principals).isEmpty();
    }

    @Test
    void tellsAPlainRequestWhyItsHandshakeWouldBeRefused() throws Exception {
        verdict.complete(new Verdict.Refused(403, "not from this page", null));

        HttpResponse<String> response = get("/v1/guarded");

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.headers().firstValue("www-authenticate")).isEmpty();
        assertThat(response.body()).contains("not from this page");
    }

    @Test
    void challengesA403ThatOtherCredentialsCanChange() {
        verdict.complete(new Verdict.Refused(403, "not with this token", null, "Bearer realm=\"rtaa\""));

        HttpResponse<?> response = refused();

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.headers().firstValue("www-authenticate")).contains("Bearer realm=\"rtaa\"");
    }

    @Test
    void answersAMalformedHandshakeWithAnErrorAndGoesOn() throws Exception {
        verdict.complete(new Verdict.Granted(ASHA, null));

        String noKey = rawAnswer("GET /v1/guarded HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\n\r\n");
        String oldVersion =
                rawAnswer("GET /v1/guarded HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Version: 3\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");

        assertThat(noKey).startsWith("HTTP/1.1 400");
        assertThat(oldVersion).startsWith("HTTP/1.1 426");
        handshake().abort();
        await().until(() -> principals.contains(ASHA));
    }

    @Test
    void dropsAConnectionThatSaysNothing() throws Exception {
        try (Socket socket = fixture.rawConnection()) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void dropsAConnectionThatStopsInTheMiddleOfItsHandshake() throws Exception {
        try (Socket socket = fixture.rawConnection()) {
            socket.getOutputStream().write("GET /v1/guarded HTTP/1.1\r\nHost:".getBytes(StandardCharsets.US_ASCII));

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(handshakes).isEmpty();
    }

    private Verdict grantThatHoldsAPlace() {
        return new Verdict.Granted(ASHA, null, released::incrementAndGet);
    }

    private Socket sent(String request) throws Exception {
        Socket socket = fixture.rawConnection();
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** Returns when the listener has seen that the connection was reset. */
    private void leave(Socket socket) throws Exception {
        socket.setSoLinger(true, 0);
        socket.close();
        // A second connection to the same loop is answered only after the loop has seen the first one go.
        assertThat(get("/elsewhere").statusCode()).isEqualTo(404);
    }

    private CompletableFuture<WebSocket> connecting() {
        return http.newWebSocketBuilder()
                .subprotocols("bearer", "abc")
                .header("Authorization", "Bearer abc")
                .buildAsync(
                        URI.create("ws://127.0.0.1:" + fixture.port() + "/v1/guarded?a=b%20c&token=a%20b&d"),
                        new WebSocket.Listener() {});
    }

    private WebSocket handshake() {
        return connecting().join();
    }

    private HttpResponse<?> refused() {
        try {
            connecting().join().abort();
        } catch (CompletionException e) {
            return ((WebSocketHandshakeException) e.getCause()).getResponse();
        }
        throw new AssertionError("the handshake was not refused");
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + fixture.port() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String upgradeRequest() {
        return "GET /v1/guarded HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    }

    private String rawAnswer(String request) throws Exception {
        try (Socket socket = fixture.rawConnection()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
