package io.rtaa.edge.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.call.CloseCause;
import io.rtaa.call.SocketBacklog;
import io.rtaa.call.SocketEvent;
import io.rtaa.call.SocketHeaders;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers that do not read what they are sent: how much waits for them, and for how long. */
@Timeout(60)
class SlowReaderTest {

    private static final Duration AT_MOST = Duration.ofSeconds(30);
    private static final int PEERS = 20;
    private static final int MOST_BYTES = 4_000_000;
    private static final String MESSAGE = "x".repeat(20_000);
    /** 8 MB. */
    private static final List<String> LARGE = Collections.nCopies(400, MESSAGE);

    private final RecordedEvents events = new RecordedEvents();
    private final List<Socket> silent = new ArrayList<>();
    private Fixture fixture;
    private ProducerTemplate template;

    @BeforeEach
    void start() {
        fixture = Fixture.onEpoll();
        template = fixture.camel.createProducerTemplate();
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket socket : silent) {
            socket.close();
        }
        fixture.close();
    }

    private void route(String options) throws Exception {
        fixture.routes(new RouteBuilder() {
            @Override
            public void configure() {
                // The pings have what is unsent wait in this process.
                from(Fixture.open("read") + "&pingInterval=10s&peerTimeout=60s" + options)
                        .process(events::record);
                from("direct:send").to("websocket:read");
            }
        });
    }

    /** Connects a peer that reads nothing after its handshake. */
    private void connectSilent() throws IOException {
        Socket socket = new Socket();
        silent.add(socket);
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), fixture.port()));
        fixture.handshake(socket, "/read");
    }

    private List<RecordedEvents.Event> opened(int count) {
        await().until(() -> ofKind(SocketEvent.OPEN).size() == count);
        return ofKind(SocketEvent.OPEN);
    }

    private List<RecordedEvents.Event> ofKind(SocketEvent kind) {
        return events.all().stream().filter(event -> event.event() == kind).toList();
    }

    private void send(List<RecordedEvents.Event> to, Object body) {
        template.sendBodyAndHeader(
                "direct:send",
                body,
                SocketHeaders.CONNECTION_KEYS,
                to.stream().map(RecordedEvents.Event::key).toList());
    }

    private double unsent() {
        return fixture.gauge("read", "unsent.bytes");
    }

    @Test
    void allPeersTogetherHoldNoMoreThanTheEndpointAllowsAndThoseThatReadGoOn() throws Exception {
        // Times at which none of them is closed.
        route("&writeQueueBytes=100000000&sendTimeout=1h&maxUnsentBytes=" + MOST_BYTES);
        Peer reads = fixture.connect("/read");
        for (int i = 0; i < PEERS; i++) {
            connectSilent();
        }
        List<RecordedEvents.Event> all = opened(PEERS + 1);
        int sent = 0;
        double most = 0;
        while (fixture.count("read", "slow.readers.closed") < PEERS) {
            send(all, MESSAGE);
            sent++;
            int expected = sent;
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> reads.received.size() == expected);
            most = Math.max(most, unsent());
        }
        // What one round of messages adds comes on top.
        assertThat(most).isLessThan(MOST_BYTES + 2.0 * (PEERS + 1) * MESSAGE.length());
        assertThat(reads.closeCode).isNotDone();
        await().atMost(AT_MOST).until(() -> ofKind(SocketEvent.CLOSE).size() == PEERS && unsent() == 0);
        assertThat(ofKind(SocketEvent.CLOSE))
                .allSatisfy(closed -> assertThat(closed.headers())
                        .containsEntry(SocketHeaders.CLOSE_CODE, 1013)
                        .containsEntry(SocketHeaders.CLOSE_CAUSE, CloseCause.SLOW_READER));
    }

    @Test
    void aPeerThatTakesNothingForTooLongIsClosedAndOneThatReadsIsNot() throws Exception {
        route("&writeQueueBytes=100000000&sendTimeout=400ms");
        Peer reads = fixture.connect("/read");
        connectSilent();
        List<RecordedEvents.Event> all = opened(2);
        send(all, LARGE);

        assertThat(events.awaitClose().headers())
                .containsEntry(SocketHeaders.CLOSE_CODE, 1013)
                .containsEntry(SocketHeaders.CLOSE_CAUSE, CloseCause.SLOW_READER);
        assertThat(fixture.count("read", "slow.readers.closed")).isEqualTo(1);
        await().atMost(AT_MOST).until(() -> reads.received.size() == LARGE.size() && unsent() == 0);
        assertThat(reads.closeCode).isNotDone();
    }

    @Test
    void theBacklogOfASocketTakesMoreOnceAllIsSentAndTheEndpointHasRoom() throws Exception {
        route("&writeQueueBytes=100000000&sendTimeout=1h&maxUnsentBytes=20000000");
        Peer reads = fixture.connect("/read");
        List<RecordedEvents.Event> first = opened(1);
        SocketBacklog backlog = backlog(first.get(0));
        assertThat(backlog.takesMore()).isTrue();

        connectSilent();
        List<RecordedEvents.Event> both = opened(2);
        RecordedEvents.Event other = both.stream()
                .filter(event -> !event.key().equals(first.get(0).key()))
                .findFirst()
                .orElseThrow();
        send(List.of(other), LARGE);
        assertThat(backlog(other).takesMore()).as("something waits for it").isFalse();
        assertThat(backlog.takesMore()).as("half of the room is not used yet").isTrue();

        send(List.of(other), LARGE);
        assertThat(backlog.takesMore()).as("more than half of the room is used").isFalse();
        assertThat(reads.closeCode).isNotDone();
        // Two seconds later it has to make room.
        await().atMost(AT_MOST).until(backlog::takesMore);
        assertThat(events.awaitClose().key()).isEqualTo(other.key());
    }

    private static SocketBacklog backlog(RecordedEvents.Event opened) {
        return (SocketBacklog) opened.headers().get(SocketHeaders.BACKLOG);
    }
}
