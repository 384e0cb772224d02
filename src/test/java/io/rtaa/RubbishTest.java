package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.call.AudioMessage;
import io.rtaa.call.CallEnd;
import io.rtaa.call.EndReason;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.simulator.CallPlan;
import io.rtaa.simulator.ExotelCaller;
import io.rtaa.simulator.Recording;
import io.rtaa.simulator.RunningCalls;
import io.rtaa.testsupport.AudioRecorder;
import io.rtaa.testsupport.RecordedService;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Whatever one socket sends, the call on the next one comes through byte for byte. */
@RecordedService
class RubbishTest {

    private static final Duration AT_MOST = Duration.ofSeconds(30);
    private static final byte[] GOOD_PCM = new byte[8000 * 2];

    static {
        new Random(7).nextBytes(GOOD_PCM);
    }

    @Autowired
    private PublicListener listener;

    @Autowired
    private Vertx vertx;

    @Autowired
    private AudioRecorder recorder;

    private RunningCalls neighbour;

    @BeforeEach
    void aGoodCallIsUnderWay() {
        neighbour = new ExotelCaller(vertx, 1).place(CallPlan.of(door(), new Recording(8000, GOOD_PCM)));
        await().atMost(AT_MOST).until(() -> recorder.messages(neighbourId()).size() > 1);
    }

    @AfterEach
    void theGoodCallWasNotDisturbed() {
        await().atMost(AT_MOST).until(() -> recorder.hasEnded(neighbourId()));
        assertThat(recorder.audio(neighbourId())).isEqualTo(GOOD_PCM);
        assertThat(neighbour.report().toCompletableFuture().join().succeeded()).isTrue();
    }

    private String neighbourId() {
        return neighbour.streamSids().get(0);
    }

    private URI door() {
        return URI.create("ws://127.0.0.1:" + listener.actualPort() + "/v1/exotel");
    }

    /** A socket of ours, which hears how it is closed. */
    private final class Peer implements WebSocket.Listener {
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(door(), this)
                .join();

        Peer sends(String... messages) {
            for (String message : messages) {
                socket.sendText(message, true).join();
            }
            return this;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            closed.complete(statusCode);
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            closed.completeExceptionally(error);
        }
    }

    /** The account is the simulator's: streams are told apart within a tenant. */
    private static String start(String id) {
        return "{\"event\":\"start\",\"stream_sid\":\"" + id + "\",\"start\":{\"stream_sid\":\"" + id
                + "\",\"account_sid\":\"simulator\",\"media_format\":{\"sample_rate\":\"8000\"}}}";
    }

    private static String media(String id, byte... pcm) {
        return "{\"event\":\"media\",\"stream_sid\":\"" + id + "\",\"media\":{\"payload\":\""
                + Base64.getEncoder().encodeToString(pcm) + "\"}}";
    }

    private static String stop(String id) {
        return "{\"event\":\"stop\",\"stream_sid\":\"" + id + "\",\"stop\":{\"reason\":\"stopped\"}}";
    }

    private List<AudioMessage> awaitEnd(String id) {
        await().atMost(AT_MOST).until(() -> recorder.hasEnded(id));
        return recorder.messages(id);
    }

    @Test
    void whatIsNoJsonIsPassedOver() {
        new Peer()
                .sends("this is not JSON", "{", "[1,2", "", "\u0000\uffff", start("r1"))
                .sends(media("r1", (byte) 1, (byte) 2), "}}}", media("r1", (byte) 3, (byte) 4), stop("r1"));
        awaitEnd("r1");
        assertThat(recorder.audio("r1")).containsExactly(1, 2, 3, 4);
    }

    @Test
    void wrongTypesArePassedOver() {
        new Peer()
                .sends(start("r2"))
                .sends(
                        "{\"event\":7}",
                        "{\"event\":{\"a\":1}}",
                        "{\"event\":\"media\",\"media\":[]}",
                        "{\"event\":\"media\",\"media\":{\"payload\":12}}",
                        "{\"event\":\"media\",\"media\":{\"payload\":\"***\"}}",
                        "{\"event\":\"start\",\"start\":\"now\"}",
                        "null",
                        "[]",
                        "42")
                .sends(media("r2", (byte) 1, (byte) 2), stop("r2"));
        awaitEnd("r2");
        assertThat(recorder.audio("r2")).containsExactly(1, 2);
    }

    @Test
    void emptyPayloadsArePassedOver() {
        new Peer()
                .sends(start("r3"), media("r3"), "{\"event\":\"media\",\"media\":{\"payload\":null}}")
                .sends("{\"event\":\"media\"}", media("r3", (byte) 5, (byte) 6), stop("r3"));
        awaitEnd("r3");
        assertThat(recorder.audio("r3")).containsExactly(5, 6);
    }

    @Test
    void anOddByteIsCarriedOver() {
        new Peer().sends(start("r4"), media("r4", (byte) 1, (byte) 2, (byte) 3), media("r4", (byte) 4), stop("r4"));
        awaitEnd("r4");
        assertThat(recorder.audio("r4")).containsExactly(1, 2, 3, 4);
    }

    @Test
    void mediaBeforeTheStartIsKept() {
        new Peer().sends(media("r5", (byte) 1, (byte) 2), start("r5"), media("r5", (byte) 3, (byte) 4), stop("r5"));
        awaitEnd("r5");
        assertThat(recorder.audio("r5")).containsExactly(1, 2, 3, 4);
    }

    @Test
    void aSecondStartAndASecondStopChangeNothing() {
        new Peer()
                .sends(start("r6"), start("r6"), media("r6", (byte) 1, (byte) 2), start("r6"))
                .sends(media("r6", (byte) 3, (byte) 4), stop("r6"), stop("r6"));
        List<AudioMessage> messages = awaitEnd("r6");
        assertThat(recorder.audio("r6")).containsExactly(1, 2, 3, 4);
        assertThat(messages).filteredOn(CallEnd.class::isInstance).hasSize(1);
    }

    @Test
    void aMessageOfTenMegabytesClosesItsSocketWith1009AndEndsItsCall() {
        Peer peer = new Peer().sends(start("r7"), media("r7", (byte) 1, (byte) 2));
        // The server may be gone before all of it is sent.
        var unused = peer.socket.sendText("x".repeat(10 * 1024 * 1024), true).exceptionally(gone -> null);
        assertThat(peer.closed).succeedsWithin(AT_MOST).isEqualTo(1009);
        List<AudioMessage> messages = awaitEnd("r7");
        assertThat(recorder.audio("r7")).containsExactly(1, 2);
        assertThat(((CallEnd) messages.get(messages.size() - 1)).reason()).isEqualTo(EndReason.REFUSED);
    }

    @Test
    void aBinaryMessageThatIsNoneOfExotelsIsPassedOver() {
        Peer peer = new Peer().sends(start("r8"));
        peer.socket.sendBinary(ByteBuffer.wrap(new byte[] {0, 1, 2, 3}), true).join();
        peer.socket
                .sendBinary(ByteBuffer.wrap(media("r8", (byte) 9, (byte) 8).getBytes(StandardCharsets.UTF_8)), true)
                .join();
        peer.sends(stop("r8"));
        awaitEnd("r8");
        assertThat(recorder.audio("r8")).containsExactly(9, 8);
    }

    @Test
    void anAbruptCloseEndsTheCallAsDisconnectedWithAllItsAudio() {
        Peer peer = new Peer().sends(start("r9"), media("r9", (byte) 1, (byte) 2));
        await().atMost(AT_MOST).until(() -> !recorder.messages("r9").isEmpty());
        peer.socket.abort();
        List<AudioMessage> messages = awaitEnd("r9");
        assertThat(recorder.audio("r9")).containsExactly(1, 2);
        assertThat(((CallEnd) messages.get(messages.size() - 1)).reason()).isEqualTo(EndReason.DISCONNECTED);
    }

    @Test
    void halfASlowHandshakeHoldsNobodyUp() throws IOException {
        try (Socket halfOpen = new Socket(InetAddress.getLoopbackAddress(), listener.actualPort())) {
            halfOpen.getOutputStream()
                    .write("GET /v1/exotel HTTP/1.1\r\nHost: x\r\nUpgr".getBytes(StandardCharsets.US_ASCII));
            halfOpen.getOutputStream().flush();
            // Another caller comes and goes while this one makes up its mind.
            new Peer().sends(start("r10"), media("r10", (byte) 1, (byte) 2), stop("r10"));
            awaitEnd("r10");
            assertThat(halfOpen.isClosed()).isFalse();
        }
    }

    @Test
    void aSecondSocketThatClaimsALiveStreamNeverTouchesIt() {
        new Peer().sends(start(neighbourId()), media(neighbourId(), (byte) 1, (byte) 2), stop(neighbourId()));
        awaitEnd(neighbourId() + "~2");
        assertThat(recorder.hasEnded(neighbourId())).isFalse();
    }
}
