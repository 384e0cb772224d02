package io.rtaa.edge.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.rtaa.call.Handshake;
import io.rtaa.call.HandshakeGuard.Verdict;
import io.rtaa.call.PeerKind;
import io.rtaa.routes.HandshakeExchange;
import java.net.Socket;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who gets in, and when a place that a handshake took is given back. */
@Timeout(30)
class HandshakeGateTest extends GuardedEndpoint {

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
}
