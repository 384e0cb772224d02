package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.edge.listener.PublicListener;
import io.rtaa.testsupport.DashboardClient;
import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import io.rtaa.testsupport.deepgram.Fault;
import io.rtaa.testsupport.deepgram.SpokenAudio;
import io.rtaa.testsupport.tracing.OtlpReceiver;
import io.rtaa.testsupport.tracing.ReceivedSpan;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The trace of a call in one process, whose recogniser drops once. */
class TracedCallTest {

    private static final Duration AT_MOST = Duration.ofSeconds(60);
    private static final int RATE = 8000;
    private static final int FRAME_BYTES = RATE / 10 * 2;

    @Test
    void aCallIsOneTraceFromItsHandshakeToWhatBrowsersGet() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (OtlpReceiver receiver = OtlpReceiver.start();
                DeepgramStandIn recogniser = DeepgramStandIn.start(vertx);
                ConfigurableApplicationContext service = new SpringApplicationBuilder(RtaaApplication.class)
                        .run(
                                "--rtaa.port=0",
                                "--rtaa.management.port=0",
                                "--rtaa.deepgram.api-key=key",
                                "--rtaa.deepgram.url=" + recogniser.url(),
                                "--rtaa.asr.retry-first-ms=100",
                                "--rtaa.tracing.endpoint=" + receiver.endpoint())) {
            recogniser.nextConnections(Fault.drop(Duration.ofSeconds(4)));
            int port = service.getBean(PublicListener.class).actualPort();
            URI transcripts = URI.create("ws://127.0.0.1:" + port + "/v1/transcripts");
            try (DashboardClient one = new DashboardClient(transcripts);
                    DashboardClient two = new DashboardClient(transcripts)) {
                WebSocket caller = vertx.createWebSocketClient()
                        .connect(new WebSocketConnectOptions()
                                .setAbsoluteURI("ws://127.0.0.1:" + port + "/v1/ingest")
                                .putHeader("X-Request-Id", "lb-7f3a"))
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join();
                SpokenAudio audio = SpokenAudio.speak(RATE, 1, 14, 5);
                speak(caller, audio.pcm());
                await().atMost(AT_MOST).until(() -> one.hasEnded("traced") && two.hasEnded("traced"));
                await().atMost(AT_MOST)
                        .until(() -> !receiver.spans("call").isEmpty()
                                && !receiver.spans("recogniser session").isEmpty()
                                && receiver.spans("deliver").size() == finals(one));

                assertIsOneTrace(receiver, finals(one), audio);
                assertThat(one.events("traced").get(0).path("traceparent").asText())
                        .contains(receiver.spans("call").get(0).spanId());
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static void speak(WebSocket caller, byte[] pcm) {
        caller.writeTextMessage("{\"event\":\"start\",\"interaction_id\":\"traced\",\"tenant_id\":\"acme\","
                + "\"sample_rate\":8000,\"encoding\":\"pcm16\"}");
        for (int at = 0; at < pcm.length; at += FRAME_BYTES) {
            caller.writeBinaryMessage(
                    Buffer.buffer(FRAME_BYTES).appendBytes(pcm, at, Math.min(FRAME_BYTES, pcm.length - at)));
        }
        caller.writeTextMessage("{\"event\":\"stop\"}");
    }

    private static long finals(DashboardClient dashboard) {
        return dashboard.events("traced").stream()
                .filter(event -> "final".equals(event.path("type").asText()))
                .count();
    }

    private static void assertIsOneTrace(OtlpReceiver receiver, long finals, SpokenAudio audio) {
        ReceivedSpan call = receiver.spans("call").get(0);
        ReceivedSpan session = receiver.spans("recogniser session").get(0);
        List<ReceivedSpan> connects = receiver.spans("recogniser connect");
        assertThat(receiver.spans())
                .extracting(ReceivedSpan::name)
                .containsOnly("call", "handshake", "recogniser session", "recogniser connect", "publish", "deliver");
        assertThat(receiver.spans()).allSatisfy(span -> {
            assertThat(span.traceId()).isEqualTo(call.traceId());
            assertThat(span.attributes())
                    .containsEntry("interaction_id", "traced")
                    .containsEntry("tenant_id", "acme")
                    .containsEntry("request_id", "lb-7f3a");
            assertThat(OtlpReceiver.texts(span)).noneMatch(text -> text.equals("w1") || text.contains("w1 "));
        });
        assertThat(call.attributes())
                .containsEntry("reason", "stopped")
                .containsEntry("audio_ms", Integer.toString(audio.pcm().length / 2 * 1000 / RATE));
        assertThat(receiver.spans("handshake"))
                .singleElement()
                .satisfies(handshake -> assertThat(handshake.parentId()).isEqualTo(call.spanId()));
        assertThat(session.parentId()).isEqualTo(call.spanId());
        assertThat(session.attributes()).containsEntry("connections", "2").containsEntry("outcome", "stopped");
        assertThat(connects).hasSize(2).allSatisfy(span -> {
            assertThat(span.parentId()).isEqualTo(session.spanId());
            assertThat(span.attribute("provider")).isEqualTo("deepgram");
        });
        assertThat(connects.get(1).attributes()).containsKeys("lost_because", "replayed_ms");
        assertThat(receiver.spans("publish"))
                .filteredOn(span -> span.attribute("type").equals("final"))
                .hasSize((int) finals)
                .allSatisfy(span -> assertThat(span.parentId()).isEqualTo(session.spanId()));
        assertThat(receiver.spans("deliver"))
                .allSatisfy(span -> assertThat(span.attribute("sockets")).isEqualTo("2"));
    }
}
