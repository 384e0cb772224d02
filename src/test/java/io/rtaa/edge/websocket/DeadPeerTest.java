package io.rtaa.edge.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import io.rtaa.call.CloseCause;
import io.rtaa.call.SocketEvent;
import io.rtaa.call.SocketHeaders;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.AsyncProcessorSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Peers that are dead, idle, slow or held back. Time is told by peers that never answer: one of them is found dead
 * after the other.
 */
@Timeout(30)
class DeadPeerTest {

    private static final int PONG = 0x8a;

    private static final String WATCHED = "pingInterval=20&peerTimeout=200";

    private final Map<String, CloseCause> closed = new ConcurrentHashMap<>();
    private final Map<String, Integer> closeCodes = new ConcurrentHashMap<>();
    private final AtomicReference<AsyncCallback> heldBack = new AtomicReference<>();
    private final CountDownLatch blocked = new CountDownLatch(1);
    private final CountDownLatch unblocked = new CountDownLatch(1);
    private Fixture fixture;

    @BeforeEach
    void start() {
        fixture = Fixture.onEpoll();
    }

    @AfterEach
    void stop() throws Exception {
        unblocked.countDown();
        fixture.close();
    }

    @Test
    void findsAPeerDeadFromWhichNothingComesNotEvenAPong() throws Exception {
        serve(fixture, "a", WATCHED);
        try (Socket mute = fixture.rawHandshake("/a?mute")) {
            await().until(() -> closed.containsKey("mute"));
            assertThat(mute.isConnected()).isTrue();
        }
        assertThat(closed).containsExactly(Map.entry("mute", CloseCause.PEER_DEAD));
        assertThat(closeCodes).containsExactly(Map.entry("mute", 1001));
        assertThat(fixture.count("a", "dead.peers", "cause", "silent")).isEqualTo(1);
        assertThat(fixture.gauge("a", "sockets.open")).isZero();
    }

    @Test
    void pingsAPeerAgainAndAgain() throws Exception {
        serve(fixture, "a", "pingInterval=20");
        try (Socket peer = fixture.rawHandshake("/a?peer")) {
            assertThat(peer.getInputStream().readNBytes(6))
                    .containsExactly((byte) 0x89, 0, (byte) 0x89, 0, (byte) 0x89, 0);
        }
    }

    @Test
    void keepsAPeerThatSaysNothingAndAnswersPings() throws Exception {
        serve(fixture, "a", WATCHED);
        Peer answering = fixture.connect("/a?answering");

        awaitTwoDeadPeers(fixture, "a");

        assertThat(answering.closeCode).isNotDone();
        assertThat(closed).doesNotContainKey("answering");
    }

    @Test
    void keepsAPeerWhoseFrameComesByteByByte() throws Exception {
        serve(fixture, "a", WATCHED);
        try (Socket slow = fixture.rawHandshake("/a?slow")) {
            // A masked binary frame of 60,000 bytes: for long it is not whole.
            slow.getOutputStream().write(new byte[] {(byte) 0x82, (byte) 0xFE, (byte) 0xEA, 0x60, 1, 2, 3, 4});
            long trickle = fixture.clientVertx.setPeriodic(20, tick -> {
                try {
                    slow.getOutputStream().write(7);
                } catch (IOException e) {
                    fixture.clientVertx.cancelTimer(tick);
                }
            });
            awaitTwoDeadPeers(fixture, "a");
            fixture.clientVertx.cancelTimer(trickle);
            assertThat(closed).doesNotContainKey("slow");
        }
    }

    @Test
    void doesNotCountTheTimeInWhichItsRouteHoldsThePeerBack() throws Exception {
        // Time enough for the message on a busy machine: a peer that is dead before it comes is not held back.
        serve(fixture, "a", "pingInterval=20&peerTimeout=1000");
        try (Socket held = fixture.rawHandshake("/a?held")) {
            held.getOutputStream().write(text("hold back"));
            await().until(() -> heldBack.get() != null);
            awaitTwoDeadPeers(fixture, "a");
            assertThat(closed).doesNotContainKey("held");

            heldBack.get().done(false);

            await().until(() -> closed.get("held") == CloseCause.PEER_DEAD);
        }
    }

    @Test
    void doesNotCountTheTimeInWhichSomethingIsUnsentEvenIfTheSystemHasRoomForIt() throws Exception {
        assumeTrue(Epoll.isAvailable(), "only epoll tells what the system has not sent");
        serve(fixture, "a", WATCHED);
        try (Socket slow = new Socket()) {
            slow.setReceiveBufferSize(4 * 1024);
            slow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), fixture.port()));
            fixture.handshake(slow, "/a?slow");
            slow.getOutputStream().write(text("send much"));

            awaitTwoDeadPeers(fixture, "a");

            assertThat(closed).doesNotContainKey("slow");
        }
    }

    @Test
    void doesNotCountAStandstillOfItsOwn() throws Exception {
        serve(fixture, "a", "pingInterval=200&peerTimeout=400");
        try (Fixture clock = new Fixture()) {
            serve(clock, "clock", WATCHED);
            Peer answering = fixture.connect("/a?answering");
            answering.send("block");
            blocked.await();
            awaitTwoDeadPeers(clock, "clock");
            try (Socket third = clock.rawHandshake("/clock?third")) {
                await().until(() -> closed.containsKey("third"));
                assertThat(third.isConnected()).isTrue();
            }

            unblocked.countDown();

            awaitTwoDeadPeers(fixture, "a");
            assertThat(closed).doesNotContainKey("answering");
            assertThat(answering.closeCode).isNotDone();
        }
    }

    @Test
    void closesAPeerThatSendsNoMessageForTooLongAlthoughItAnswersPings() throws Exception {
        serve(fixture, "a", "pingInterval=20&idleTimeout=300");

        Peer idle = fixture.connect("/a?idle");

        assertThat(idle.awaitClose()).isEqualTo(1000);
        await().until(() -> closed.containsKey("idle"));
        assertThat(closed).containsExactly(Map.entry("idle", CloseCause.IDLE));
        assertThat(fixture.count("a", "idle.closed")).isEqualTo(1);
        assertThat(fixture.count("a", "dead.peers", "cause", "silent")).isZero();
    }

    @Test
    void takesThePingsOfAPeerForASignThatItIsNotIdle() throws Exception {
        serve(fixture, "a", "idleTimeout=300");
        Peer pinging = fixture.connect("/a?pinging");
        fixture.clientVertx.setPeriodic(20, tick -> pinging.socket().writePing(Buffer.buffer()));

        Peer idle = fixture.connect("/a?idle");
        idle.awaitClose();
        fixture.connect("/a?another").awaitClose();

        assertThat(pinging.closeCode).isNotDone();
    }

    @Test
    void keepsAPeerThatPingsBeforeItHasReadALongAnswer() throws Exception {
        serve(fixture, "a", "pingInterval=10s");
        try (Socket slow = new Socket()) {
            slow.setReceiveBufferSize(4 * 1024);
            slow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), fixture.port()));
            fixture.handshake(slow, "/a?slow");
            // More than the system takes.
            for (int i = 0; i < 8; i++) {
                slow.getOutputStream().write(text("send much"));
            }
            slow.getInputStream().readNBytes(1);

            slow.getOutputStream().write(new byte[] {(byte) 0x89, (byte) 0x80, 0, 0, 0, 0});

            InputStream in = new BufferedInputStream(slow.getInputStream());
            int read = in.read();
            while (read >= 0 && read != PONG) {
                read = in.read();
            }
            assertThat(read).as("the pong, behind an answer of zeros").isEqualTo(PONG);
        }
        await().until(() -> closed.get("slow") == CloseCause.PEER_DROPPED);
    }

    @Test
    void limitsHowLongAPeersHostMayAcknowledgeNothing() throws Exception {
        assumeTrue(Epoll.isAvailable(), "TCP_USER_TIMEOUT comes with epoll");
        AtomicReference<EpollSocketChannel> accepted = new AtomicReference<>();
        serve(fixture, "a", "pingInterval=10s&tcpUserTimeout=30s");
        fixture.listener.router().route().order(-2).handler(routing -> {
            accepted.set(
                    (EpollSocketChannel) ((ConnectionBase) routing.request().connection()).channel());
            routing.next();
        });

        Peer peer = fixture.connect("/a?peer");
        peer.send("echo");
        await().until(() -> peer.received.contains("echo"));

        assertThat(accepted.get().config().getTcpUserTimeout()).isEqualTo(30_000);
    }

    @Test
    void tellsPeersThatCloseFromPeersThatDropAndFromRoutesThatClose() throws Exception {
        serve(fixture, "a", WATCHED);
        fixture.connect("/a?closing").socket().close((short) 1000);
        fixture.rawHandshake("/a?dropping").close();
        fixture.connect("/a?refused").send("refuse");
        fixture.connect("/a?giant").send(new byte[300_000]);
        await().until(() -> closed.size() == 4);
        fixture.connect("/a?stopped");
        // A stop waits for the sockets that the route has; a peer knows of its upgrade before the route does.
        await().until(() -> fixture.gauge("a", "sockets.open") == 1);

        fixture.camel.getRouteController().stopRoute("a");

        assertThat(closed)
                .containsOnly(
                        Map.entry("closing", CloseCause.PEER_CLOSED),
                        Map.entry("dropping", CloseCause.PEER_DROPPED),
                        Map.entry("refused", CloseCause.ROUTE_CLOSED),
                        Map.entry("giant", CloseCause.PROTOCOL_ERROR),
                        Map.entry("stopped", CloseCause.ROUTE_STOPPED));
    }

    @Test
    void closesASocketWhoseRouteFailsAgainAndAgain() throws Exception {
        serve(fixture, "a", "maxFailuresInARow=3");
        Peer failing = fixture.connect("/a?failing");
        Peer twice = fixture.connect("/a?twice");
        for (int i = 0; i < 2; i++) {
            twice.send("fail");
            twice.send("fail");
            twice.send("echo");
        }

        failing.send("fail");
        failing.send("fail");
        failing.send("fail");

        assertThat(failing.awaitClose()).isEqualTo(1011);
        await().until(() -> closed.get("failing") == CloseCause.ROUTE_FAILED);
        await().until(() -> twice.received.size() == 2);
        assertThat(twice.closeCode).isNotDone();
        assertThat(fixture.count("a", "failing.closed")).isEqualTo(1);
    }

    /** Long enough for a peer to be found dead, twice over. */
    private void awaitTwoDeadPeers(Fixture where, String name) throws Exception {
        for (String mute : List.of("mute1-of-" + name, "mute2-of-" + name)) {
            try (Socket socket = where.rawHandshake("/" + name + "?" + mute)) {
                await().until(() -> closed.containsKey(mute));
                assertThat(socket.isConnected()).isTrue();
            }
        }
        assertThat(where.count(name, "dead.peers", "cause", "silent")).isEqualTo(2);
    }

    /** A route that does what a message says; sockets are called what their query says. */
    private void serve(Fixture where, String name, String options) throws Exception {
        where.routes(new RouteBuilder() {
            @Override
            public void configure() {
                from(Fixture.open(name) + "&writeQueueBytes=10000000&" + options)
                        .routeId(name)
                        .errorHandler(noErrorHandler())
                        .process(new Obedient())
                        .filter(body().isNotNull())
                        .to("websocket:" + name);
            }
        });
    }

    private final class Obedient extends AsyncProcessorSupport {
        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            if (exchange.getMessage().getHeader(SocketHeaders.EVENT) == SocketEvent.CLOSE) {
                String who = exchange.getMessage().getHeader(SocketHeaders.QUERY, String.class);
                closeCodes.put(who, exchange.getMessage().getHeader(SocketHeaders.CLOSE_CODE, Integer.class));
                closed.put(who, exchange.getMessage().getHeader(SocketHeaders.CLOSE_CAUSE, CloseCause.class));
            }
            switch (String.valueOf(exchange.getMessage().getBody())) {
                case "hold back" -> {
                    exchange.getMessage().setBody(null);
                    heldBack.set(callback);
                    return false;
                }
                case "send much" -> exchange.getMessage().setBody(new byte[1_000_000]);
                case "refuse" -> exchange.getMessage().setHeader(SocketHeaders.CLOSE_CODE, 1008);
                case "fail" -> exchange.setException(new IllegalStateException("as it was asked to"));
                // A while after the message, which is then no sign of life any more.
                case "block" -> Vertx.currentContext().owner().setTimer(110, now -> standStill());
                default -> {
                    // Goes back as it is.
                }
            }
            callback.done(true);
            return true;
        }
    }

    private void standStill() {
        blocked.countDown();
        try {
            assertThat(unblocked.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] text(String message) {
        byte[] frame = new byte[6 + message.length()];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | message.length());
        // The mask is zero, so that the payload goes as it is.
        for (int i = 0; i < message.length(); i++) {
            frame[6 + i] = (byte) message.charAt(i);
        }
        return frame;
    }
}
