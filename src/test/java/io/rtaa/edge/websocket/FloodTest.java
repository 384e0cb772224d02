package io.rtaa.edge.websocket;

import static io.rtaa.edge.websocket.RecordedEvents.bodies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.rtaa.call.CloseCause;
import io.rtaa.call.PeerKind;
import io.rtaa.call.SocketEvent;
import io.rtaa.call.SocketHeaders;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What peers may send: too much of it is read later, and some of it closes the socket. */
@Timeout(60)
class FloodTest {

    private static final Duration AT_MOST = Duration.ofSeconds(30);
    /** Masked by zeros, with the most bytes that a ping may have. */
    private static final byte[] PING = ByteBuffer.allocate(6 + 125)
            .put((byte) 0x89)
            .put((byte) (0x80 | 125))
            .array();

    private static final int MANY_PINGS = 1_600;

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

    private double slowed(String limit) {
        return fixture.count("flood", "reading.slowed", "limit", limit);
    }

    private List<Object> received() {
        return events.bySocket().stream().flatMap(of -> bodies(of).stream()).toList();
    }

    private static List<Object> numbers(int count) {
        return IntStream.range(0, count).<Object>mapToObj(Integer::toString).toList();
    }

    @Test
    void whatComesTooFastIsReadLaterAndNoneOfItIsLost() throws Exception {
        fixture.route(Fixture.open("flood") + "&maxRateWithoutAudio=200&burst=100ms", events::record);
        Peer peer = fixture.connect("/flood");
        numbers(100).forEach(number -> peer.send((String) number));

        await().atMost(AT_MOST).untilAsserted(() -> assertThat(received()).isEqualTo(numbers(100)));
        assertThat(slowed("without_audio")).isPositive();
    }

    @Test
    void whatWaitsOfAPeerThatHasLeftComesBeforeItsClose() throws Exception {
        fixture.route(Fixture.open("flood") + "&maxRateWithoutAudio=200&burst=100ms", events::record);
        Peer peer = fixture.connect("/flood");
        numbers(100).forEach(number -> peer.send((String) number));
        peer.socket().close();

        events.awaitClose();
        assertThat(received()).isEqualTo(numbers(100));
        assertThat(events.bySocket()).hasSize(1).allMatch(RecordedEvents::ended);
    }

    @Test
    void aPeerThatLeavesAfterAFloodOfPingsKeepsNoPlace() throws Exception {
        fixture.route(Fixture.open("flood") + "&maxFrameRate=1&burst=100ms", events::record);
        try (Socket peer = fixture.rawHandshake("/flood")) {
            for (int i = 0; i < 1000; i++) {
                peer.getOutputStream().write(PING);
            }
            await().atMost(AT_MOST).until(() -> slowed("frames") > 0);
        }
        // At the rate that the peer did not keep, a quarter of an hour passes before the next frame is read.
        events.awaitClose();
    }

    @Test
    void manyMessagesOfAPeerThatHasLeftComeInTheirOrderAndLetOthersHaveTheirTurn() throws Exception {
        fixture.close();
        // Only epoll tells that a peer has left while its socket is not read.
        assumeTrue(Epoll.isAvailable());
        fixture = Fixture.onEpoll();
        fixture.route(Fixture.open("flood") + "&maxRateWithoutAudio=1&burst=100ms", events::record);
        try (Socket peer = fixture.rawHandshake("/flood")) {
            for (Object number : numbers(3000)) {
                byte[] text = ((String) number).getBytes(StandardCharsets.US_ASCII);
                // Final, text, masked by zero.
                peer.getOutputStream().write(new byte[] {(byte) 0x81, (byte) (0x80 | text.length), 0, 0, 0, 0});
                peer.getOutputStream().write(text);
            }
        }

        events.awaitClose();
        assertThat(received()).isEqualTo(numbers(3000));
        assertThat(events.bySocket()).hasSize(1).allMatch(RecordedEvents::ended);
    }

    @Test
    void aRouteThatStopsClosesASocketThatIsNotRead() throws Exception {
        fixture.route(Fixture.open("flood") + "&maxRateWithoutAudio=1&burst=100ms", events::record);
        Peer peer = fixture.connect("/flood");
        numbers(100).forEach(number -> peer.send((String) number));
        await().atMost(AT_MOST).until(() -> slowed("without_audio") > 0);
        fixture.camel.getRouteController().stopRoute("under-test");

        assertThat(peer.awaitClose()).isEqualTo(1001);
        assertThat(events.bySocket()).hasSize(1).allMatch(RecordedEvents::ended);
    }

    @Test
    void aHundredThousandMessagesOfOneByteHoldUpNobody() throws Exception {
        fixture.route(Fixture.open("flood") + "&burst=1s", exchange -> {
            events.record(exchange);
            if (exchange.getMessage().getBody() instanceof String) {
                exchange.getContext().createProducerTemplate().send("websocket:flood", exchange);
            }
        });
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        for (int i = 0; i < 100_000; i++) {
            // Final, binary, masked by zero, one byte.
            messages.write(new byte[] {(byte) 0x82, (byte) 0x81, 0, 0, 0, 0, 7});
        }
        Thread flooding;
        try (Socket flood = fixture.rawHandshake("/flood")) {
            OutputStream out = flood.getOutputStream();
            flooding = new Thread(() -> {
                try {
                    messages.writeTo(out);
                } catch (IOException closedByTheTest) {
                    // The socket is read so slowly that most of it is never taken.
                }
            });
            flooding.start();
            await().atMost(AT_MOST).until(() -> slowed("without_audio") > 0);

            Peer good = fixture.connect("/flood");
            for (Object number : numbers(20)) {
                good.send((String) number);
                await().atMost(AT_MOST).until(() -> good.received.contains(number));
            }
            assertThat(received()).filteredOn(byte[].class::isInstance).hasSizeLessThan(50_000);
        }
        flooding.join();
    }

    @Test
    void pingsHaveARateToo() throws Exception {
        fixture.route(Fixture.open("flood") + "&maxFrameRate=200&burst=100ms", events::record);
        Peer peer = fixture.connect("/flood");
        for (int i = 0; i < 100; i++) {
            peer.socket().writePing(Buffer.buffer("x"));
        }
        peer.send("after the pings");

        await().atMost(AT_MOST).untilAsserted(() -> assertThat(received()).containsExactly("after the pings"));
        assertThat(slowed("frames")).isPositive();
    }

    @Test
    void aMessageBehindTooManyPingsIsNotOvertakenByTheNext() throws Exception {
        CountDownLatch overtaken = new CountDownLatch(1);
        fixture.route(Fixture.open("flood") + "&maxFrameRate=10&burst=100ms&dispatch=worker", exchange -> {
            events.record(exchange);
            if ("first".equals(exchange.getMessage().getBody())) {
                // The rest after the pings ends meanwhile.
                assertThat(overtaken.await(1, TimeUnit.SECONDS)).isFalse();
            } else if ("second".equals(exchange.getMessage().getBody())) {
                overtaken.countDown();
            }
        });
        Peer peer = fixture.connect("/flood");
        for (int i = 0; i < 5; i++) {
            peer.socket().writePing(Buffer.buffer("x"));
        }
        peer.send("first");
        peer.send("second");

        await().atMost(AT_MOST).untilAsserted(() -> assertThat(received()).containsExactly("first", "second"));
        assertThat(fixture.count("flood", "events.failed")).isZero();
    }

    /** Connects as a peer that reads nothing, and has little room for what waits to be read. */
    private Socket connectDeaf() throws Exception {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), fixture.port()));
        fixture.handshake(socket, "/flood");
        return socket;
    }

    private void assertIsCutOffWhilePinging(Socket socket) {
        Queue<Throwable> unhandled = new ConcurrentLinkedQueue<>();
        fixture.vertx.exceptionHandler(unhandled::add);
        byte[] pings = new byte[100 * PING.length];
        for (int i = 0; i < pings.length; i++) {
            pings[i] = PING[i % PING.length];
        }
        assertThatThrownBy(() -> {
                    for (int i = 0; i < MANY_PINGS; i++) {
                        socket.getOutputStream().write(pings);
                    }
                })
                .as("20 MB of answers that nobody reads")
                .isInstanceOf(IOException.class);
        assertThat(unhandled).isEmpty();
    }

    @Test
    void aPeerThatPingsOnAndReadsNoAnswerIsCutOff() throws Exception {
        fixture.route(Fixture.open("flood") + "&maxFrameRate=0&maxByteRate=0&maxRateWithoutAudio=0", events::record);
        try (Socket socket = connectDeaf()) {
            assertIsCutOffWhilePinging(socket);
        }
        assertThat(events.awaitClose().headers()).containsEntry(SocketHeaders.CLOSE_CAUSE, CloseCause.PROTOCOL_ERROR);
    }

    @Test
    void aPeerThatPingsOnAfterItsSocketWasClosedIsCutOff() throws Exception {
        fixture.route(Fixture.open("flood") + "&maxMessageBytes=4", events::record);
        try (Socket socket = connectDeaf()) {
            // Final, text, five bytes, masked by zero.
            socket.getOutputStream().write(new byte[] {(byte) 0x81, (byte) 0x85, 0, 0, 0, 0, 'f', 'i', 'v', 'e', '!'});
            events.awaitClose();

            assertIsCutOffWhilePinging(socket);
        }
    }

    @Test
    void aMessageThatNeverEndsClosesItsSocketAlsoWhereItsFramesAreEmpty() throws Exception {
        fixture.route(Fixture.open("flood") + "&maxFrameRate=0&maxMessageBytes=1000", events::record);
        Peer peer = fixture.connect("/flood");
        peer.socket().writeFrame(WebSocketFrame.textFrame("never", false));
        for (int i = 0; i < 1000; i++) {
            peer.socket().writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer(), false));
        }
        assertThat(peer.awaitClose()).isEqualTo(1009);
        assertThat(events.awaitClose().headers()).containsEntry(SocketHeaders.CLOSE_CAUSE, CloseCause.PROTOCOL_ERROR);
    }

    @Test
    void aMessageMayEndWithAnEmptyFrame() throws Exception {
        fixture.route(Fixture.open("flood") + "&maxMessageBytes=5", events::record);
        Peer peer = fixture.connect("/flood");
        peer.socket().writeFrame(WebSocketFrame.textFrame("five!", false));
        peer.socket().writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer(), true));
        await().atMost(AT_MOST).untilAsserted(() -> assertThat(received()).containsExactly("five!"));
    }

    @Test
    void aPeerThatSendsNothingIsClosedWith1008AndOneThatHasSentSomethingIsNot() throws Exception {
        fixture.route(Fixture.open("flood") + "&firstMessageTimeout=200ms", events::record);
        Peer talks = fixture.connect("/flood");
        talks.send("hello");
        await().atMost(AT_MOST).until(() -> !received().isEmpty());
        Peer silent = fixture.connect("/flood");
        Peer pings = fixture.connect("/flood");
        pings.socket().writePing(Buffer.buffer("x"));

        assertThat(silent.awaitClose()).isEqualTo(1008);
        assertThat(pings.awaitClose()).isEqualTo(1008);
        assertThat(fixture.count("flood", "no.message.closed")).isEqualTo(2);
        assertThat(talks.closeCode).isNotDone();
    }

    @Test
    void callersHaveATimeForTheirFirstMessageAndViewersDoNotNeedOne() {
        WebsocketEndpointOptions options = new WebsocketEndpointOptions();
        assertThat(options.setKind(PeerKind.CALLER).getFirstMessageTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(options.setKind(PeerKind.VIEWER).getFirstMessageTimeout()).isZero();
    }

    @Test
    void compressionIsNotAgreedToAndACompressedFrameClosesItsSocket() throws Exception {
        fixture.route(Fixture.open("flood"), events::record);
        try (Socket socket = fixture.rawConnection()) {
            socket.getOutputStream()
                    .write(("GET /flood HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                    + "Sec-WebSocket-Extensions: permessage-deflate, deflate-frame, x-webkit-deflate-frame\r\n"
                                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) socket.getInputStream().read());
            }
            assertThat(head.toString()).startsWith("HTTP/1.1 101").doesNotContainIgnoringCase("extensions");
            // The first reserved bit says that the message is compressed.
            socket.getOutputStream().write(new byte[] {(byte) 0xC2, (byte) 0x81, 0, 0, 0, 0, 7});
            assertThat(socket.getInputStream().readNBytes(4)).startsWith(0x88).endsWith(1002 >> 8, 1002 & 0xff);
        }
        await().atMost(AT_MOST).until(() -> events.all().stream().anyMatch(e -> e.event() == SocketEvent.CLOSE));
        assertThat(received()).isEmpty();
        assertThat(events.bySocket()).allMatch(RecordedEvents::ended);
    }
}
