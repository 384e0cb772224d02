package io.rtaa.edge.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.call.CloseCause;
import io.rtaa.call.SocketHeaders;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers that begin large messages and never end them: how much memory they take together. */
@Timeout(60)
class UnfinishedMessagesTest {

    private static final Duration AT_MOST = Duration.ofSeconds(30);
    private static final int MESSAGE_BYTES = 256 * 1024;
    private static final int PEERS = 600;
    private static final double MOST_BYTES = 128 << 20;

    private final RecordedEvents events = new RecordedEvents();
    private final List<Socket> sockets = new ArrayList<>();
    private Fixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new Fixture();
        fixture.routes(new RouteBuilder() {
            @Override
            public void configure() {
                from(Fixture.open("taken"))
                        .process(events::record)
                        .filter(exchange -> exchange.getMessage().getBody() instanceof String)
                        .to("websocket:taken");
            }
        });
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        fixture.close();
    }

    /** The head of a masked frame, and what it announces but for its last byte. */
    private void begin(int firstByte) throws Exception {
        Socket socket = fixture.rawHandshake("/taken");
        sockets.add(socket);
        byte[] head = ByteBuffer.allocate(14)
                .put((byte) firstByte)
                .put((byte) 0xFF)
                .putLong(MESSAGE_BYTES)
                .putInt(0)
                .array();
        try {
            socket.getOutputStream().write(head);
            socket.getOutputStream().write(new byte[MESSAGE_BYTES - 1]);
        } catch (IOException e) {
            // It was cut off meanwhile.
            socket.close();
        }
    }

    private double unfinishedBytes() {
        return fixture.gauge("taken", "unfinished.bytes");
    }

    private List<RecordedEvents.Event> cutOff() {
        return events.all().stream()
                .filter(event -> event.headers().get(SocketHeaders.CLOSE_CAUSE) != null)
                .toList();
    }

    @Test
    void framesThatAreNeverWholeTakeABoundedAmountOfMemoryAndDisturbNobody() throws Exception {
        Peer whole = fixture.connect("/taken");
        for (int i = 0; i < PEERS; i++) {
            begin(0x82);
            // What is read beyond the limit before peers are cut off is little.
            assertThat(unfinishedBytes()).isLessThan(MOST_BYTES * 1.1);
        }

        await().atMost(AT_MOST).until(() -> fixture.count("taken", "unfinished.closed") > 0);
        await().atMost(AT_MOST).until(() -> unfinishedBytes() <= MOST_BYTES);
        await().atMost(AT_MOST)
                .untilAsserted(() -> assertThat(cutOff()).hasSize((int) fixture.count("taken", "unfinished.closed")));
        whole.send("still here");
        await().atMost(AT_MOST).until(() -> whole.received.contains("still here"));
        assertThat(whole.closeCode).isNotDone();
        assertThat(cutOff())
                .isNotEmpty()
                .allSatisfy(event -> assertThat(event.headers())
                        .containsEntry(SocketHeaders.CLOSE_CAUSE, CloseCause.PROTOCOL_ERROR)
                        .containsEntry(SocketHeaders.CLOSE_CODE, 1008));
    }

    @Test
    void whatIsWholeOrGoneDoesNotCount() throws Exception {
        Peer peer = fixture.connect("/taken");
        for (int size : new int[] {0, 1, 125, 126, 65_535, 65_536, 200_000}) {
            peer.send(new byte[size]);
        }
        peer.socket().writePing(Buffer.buffer("ping"));
        peer.send("last");
        await().atMost(AT_MOST).until(() -> peer.received.contains("last"));
        await().atMost(AT_MOST)
                .untilAsserted(() -> assertThat(unfinishedBytes()).isZero());

        begin(0x82);
        await().atMost(AT_MOST)
                .untilAsserted(() -> assertThat(unfinishedBytes()).isGreaterThan(MESSAGE_BYTES / 2.0));
        sockets.get(0).close();
        await().atMost(AT_MOST)
                .untilAsserted(() -> assertThat(unfinishedBytes()).isZero());
    }
}
