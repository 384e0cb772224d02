package io.rtaa.edge.websocket;

import static io.rtaa.edge.websocket.RecordedEvents.bodies;
import static io.rtaa.edge.websocket.RecordedEvents.ended;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.call.CloseCause;
import io.rtaa.call.Principal;
import io.rtaa.call.SocketBacklog;
import io.rtaa.call.SocketEvent;
import io.rtaa.call.SocketHeaders;
import io.rtaa.call.SocketPace;
import io.rtaa.edge.websocket.RecordedEvents.Event;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.http.WebSocketFrameType;
import io.vertx.core.http.impl.ws.WebSocketFrameImpl;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a route gets of a socket: headers, bodies and the reason of its end; and which messages close a socket. */
@Timeout(30)
class WebsocketEventsTest {

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
    void setsItsOwnHeadersAndNothingThatAPeerNames() throws Exception {
        fixture.route(Fixture.open("headers"), events::record);

        Peer.connect(
                        fixture.clientVertx,
                        fixture.port(),
                        "/headers?CamelHttpUri=http://evil&RtaaWebsocketPrincipal=root",
                        Map.of("CamelFileName", "x", "kafka.TOPIC", "y", "X-Request-Id", "lb-1"))
                .send("hello");

        await().until(() -> events.all().size() == 2);
        Event opened = events.all().get(0);
        assertThat(opened.headers().remove(SocketHeaders.PACE)).isInstanceOf(SocketPace.class);
        assertThat(opened.headers().remove(SocketHeaders.BACKLOG)).isInstanceOf(SocketBacklog.class);
        assertThat(opened.headers().remove(SocketHeaders.HANDSHAKE_BEGAN)).isInstanceOf(Instant.class);
        assertThat(opened.headers())
                .containsOnly(
                        Map.entry(SocketHeaders.CONNECTION_KEY, opened.key()),
                        Map.entry(SocketHeaders.EVENT, SocketEvent.OPEN),
                        Map.entry(SocketHeaders.REMOTE_ADDRESS, "127.0.0.1"),
                        Map.entry(SocketHeaders.PATH, "/headers"),
                        Map.entry(SocketHeaders.REQUEST_ID, "lb-1"),
                        Map.entry(SocketHeaders.QUERY, "CamelHttpUri=http://evil&RtaaWebsocketPrincipal=root"),
                        Map.entry(SocketHeaders.PRINCIPAL, Principal.ANYONE));
        assertThat(opened.body()).isNull();
        assertThat(events.all().get(1).headers())
                .containsOnly(
                        Map.entry(SocketHeaders.CONNECTION_KEY, opened.key()),
                        Map.entry(SocketHeaders.EVENT, SocketEvent.MESSAGE),
                        Map.entry(SocketHeaders.PRINCIPAL, Principal.ANYONE));
    }

    @Test
    void deliversTextAsStringAndBinaryAsBytesAndPutsFragmentsTogether() throws Exception {
        fixture.route(Fixture.open("bodies"), events::record);

        Peer peer = fixture.connect("/bodies");
        peer.send("नमस्ते");
        peer.send(new byte[] {1, 2, 3});
        peer.socket().writeFrame(WebSocketFrame.textFrame("one ", false));
        peer.socket().writePing(Buffer.buffer("between"));
        peer.socket().writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer("two "), false));
        peer.socket().writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer("three"), true));

        await().until(() -> events.all().size() == 4);
        assertThat(bodies(events.all())).containsExactly("नमस्ते", new byte[] {1, 2, 3}, "one two three");
    }

    @Test
    void tellsTheCloseCodeOfThePeer() throws Exception {
        fixture.route(Fixture.open("close"), events::record);

        Peer peer = fixture.connect("/close");
        peer.socket().close((short) 4001, "done talking");

        Event close = events.awaitClose();
        assertThat(close.headers())
                .containsEntry(SocketHeaders.CLOSE_CODE, 4001)
                .containsEntry(SocketHeaders.CLOSE_REASON, "done talking");
        assertThat(close.body()).isNull();
    }

    @Test
    void tells1006WhenTheConnectionJustGoes() throws Exception {
        fixture.route(Fixture.open("cut"), events::record);

        Socket socket = fixture.rawHandshake("/cut");
        socket.setSoLinger(true, 0);
        socket.close();

        assertThat(events.awaitClose().headers()).containsEntry(SocketHeaders.CLOSE_CODE, 1006);
        assertThat(events.all()).hasSize(2);
    }

    /** A frame of kilobytes that unfolds to megabytes, after the extension that would allow it: CVE-2026-102467. */
    @Test
    void aCompressedBombIsNeitherAgreedOnNorUnfolded() throws Exception {
        fixture.route(Fixture.open("bomb"), events::record);
        byte[] bomb = deflated(new byte[32 << 20]);
        try (Socket peer = fixture.rawConnection()) {
            peer.setSoTimeout(30_000);
            OutputStream out = peer.getOutputStream();
            out.write(("GET /bomb HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, deflate-frame"
                            + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            String answer = headOf(peer.getInputStream());
            // FIN, RSV1 and text; masked by zeros.
            ByteBuffer head = ByteBuffer.allocate(8).put((byte) 0xC1).put((byte) 0xFE);
            out.write(head.putShort((short) bomb.length).putInt(0).array());
            out.write(bomb);

            assertThat(answer).startsWith("HTTP/1.1 101").doesNotContainIgnoringCase("Sec-WebSocket-Extensions");
            // A close frame with the code 1002.
            assertThat(peer.getInputStream().readNBytes(1)).containsExactly(0x88);
            assertThat(peer.getInputStream().readNBytes(3)).endsWith(0x03, 0xEA);
        }
        assertThat(bodies(events.all())).isEmpty();
    }

    private static String headOf(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            assertThat(c).as("closed after %s", head).isNotNegative();
            head.append((char) c);
        }
        return head.toString();
    }

    private static byte[] deflated(byte[] plain) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(plain);
        deflater.finish();
        byte[] deflated = new byte[Short.MAX_VALUE];
        int length = deflater.deflate(deflated);
        deflater.end();
        return Arrays.copyOf(deflated, length);
    }

    @Test
    void closesWith1009WhenAMessageIsTooBigInOneFrameOrInMany() throws Exception {
        fixture.route(Fixture.open("big") + "&maxMessageBytes=1000&maxFrameBytes=600", events::record);

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
        await().until(() -> bodies(events.all()).size() == 1);
        assertThat(fitting.closeCode).isNotDone();
        assertThat(fixture.count("big", "too.big.closed")).isEqualTo(2);
        await().until(() -> events.all().stream()
                        .filter(e -> Integer.valueOf(1009).equals(e.headers().get(SocketHeaders.CLOSE_CODE)))
                        .count()
                == 2);
    }

    @Test
    void refusesATenMegabyteFrameByItsHeadWithoutReadingItIn() throws Exception {
        fixture.route(Fixture.open("huge"), events::record);

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
        assertThat(events.awaitClose().headers()).containsEntry(SocketHeaders.CLOSE_CODE, 1009);
        assertThat(events.all()).hasSize(2);
        assertThat(fixture.count("huge", "too.big.closed")).isEqualTo(1);
    }

    @Test
    void closesWith1007WhenATextIsNotUtf8() throws Exception {
        fixture.route(Fixture.open("text"), events::record);

        Peer peer = fixture.connect("/text");
        peer.send("a real \uFFFD is fine");
        peer.socket()
                .writeFrame(new WebSocketFrameImpl(WebSocketFrameType.TEXT, new byte[] {'a', (byte) 0xC3, '('}, true));

        assertThat(peer.awaitClose()).isEqualTo(1007);
        await().until(() -> ended(events.all()));
        assertThat(bodies(events.all())).containsExactly("a real \uFFFD is fine");
    }

    @Test
    void closesAPeerThatStaysSilentLongerThanAllowed() throws Exception {
        fixture.route(Fixture.open("idle") + "&idleTimeout=200", events::record);

        Peer peer = fixture.connect("/idle");

        assertThat(events.awaitClose().headers())
                .containsEntry(SocketHeaders.CLOSE_CODE, 1000)
                .containsEntry(SocketHeaders.CLOSE_CAUSE, CloseCause.IDLE);
        assertThat(peer.awaitClose()).isEqualTo(1000);
    }
}
