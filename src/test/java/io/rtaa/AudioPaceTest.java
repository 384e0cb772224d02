package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.rtaa.call.AudioMessage;
import io.rtaa.call.CallEnd;
import io.rtaa.call.EndReason;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.testsupport.AudioRecorder;
import io.rtaa.testsupport.RecordedService;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

/** Callers that send faster than people speak: one that uploads a file, and one that has no reason to. */
@SpringBootTest(
        properties = {
            "rtaa.port=0",
            "rtaa.routes=classpath:routes-under-test/recording.camel.yaml",
            "rtaa.limits.audio-speed=20",
            "rtaa.limits.burst-seconds=1",
            "rtaa.limits.exotel-lead-seconds=10",
            "rtaa.limits.ingest-lead-seconds=0"
        })
@Import(RecordedService.Recorder.class)
class AudioPaceTest {

    private static final Duration AT_MOST = Duration.ofSeconds(30);
    private static final int FRAME_BYTES = 320;
    private static final byte[] HALF_A_MINUTE = new byte[30 * 8000 * 2];

    static {
        new Random(11).nextBytes(HALF_A_MINUTE);
    }

    @Autowired
    private PublicListener listener;

    @Autowired
    private AudioRecorder recorder;

    @Autowired
    private MeterRegistry meters;

    private double count(String what, String... tags) {
        return meters.get("rtaa.websocket." + what).tags(tags).counter().count();
    }

    /** A socket that hears how it is closed. */
    private static final class Closed implements WebSocket.Listener {
        private final CompletableFuture<String> reason = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String text) {
            reason.complete(statusCode + " " + text);
            return null;
        }
    }

    private WebSocket connect(String path, WebSocket.Listener hears) {
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + listener.actualPort() + path), hears)
                .join();
    }

    @Test
    void aFileThatIsSentAsFastAsItIsReadComesThroughByteForByte() {
        WebSocket file = connect("/v1/ingest", new Closed());
        file.sendText("{\"event\":\"start\",\"interaction_id\":\"file\",\"tenant_id\":\"t\"}", true)
                .join();
        for (int at = 0; at < HALF_A_MINUTE.length; at += FRAME_BYTES) {
            file.sendBinary(ByteBuffer.wrap(HALF_A_MINUTE, at, FRAME_BYTES), true)
                    .join();
        }
        file.sendText("{\"event\":\"stop\"}", true).join();

        await().atMost(AT_MOST).until(() -> recorder.hasEnded("file"));
        assertThat(recorder.audio("file")).isEqualTo(HALF_A_MINUTE);
        assertThat(count("reading.slowed", "endpoint", "ingest", "limit", "audio"))
                .isPositive();
    }

    @Test
    void aStreamThatIsFarAheadOfTheTimeIsRefusedWithTheReason() {
        Closed closed = new Closed();
        WebSocket hurried = connect("/v1/exotel", closed);
        hurried.sendText(
                        "{\"event\":\"start\",\"stream_sid\":\"hurried\",\"start\":{\"stream_sid\":\"hurried\","
                                + "\"account_sid\":\"a\",\"media_format\":{\"sample_rate\":\"8000\"}}}",
                        true)
                .join();
        CompletableFuture<WebSocket> sent = CompletableFuture.completedFuture(hurried);
        for (int at = 0; at < HALF_A_MINUTE.length; at += FRAME_BYTES) {
            String payload =
                    Base64.getEncoder().encodeToString(Arrays.copyOfRange(HALF_A_MINUTE, at, at + FRAME_BYTES));
            sent = sent.thenCompose(ws -> ws.sendText(
                    "{\"event\":\"media\",\"stream_sid\":\"hurried\",\"media\":{\"payload\":\"" + payload + "\"}}",
                    true));
        }

        assertThat(closed.reason).succeedsWithin(AT_MOST).asString().startsWith("1008 audio is more than 10 s ahead");
        await().atMost(AT_MOST).until(() -> recorder.hasEnded("hurried"));
        List<AudioMessage> messages = recorder.messages("hurried");
        assertThat(((CallEnd) messages.get(messages.size() - 1)).reason()).isEqualTo(EndReason.REFUSED);
        assertThat(count("too.far.ahead.refused", "endpoint", "exotel")).isEqualTo(1);
        assertThat(HALF_A_MINUTE).startsWith(recorder.audio("hurried"));
    }
}
