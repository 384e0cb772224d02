package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.rtaa.asr.RecogniserProvider;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.simulator.CallPlan;
import io.rtaa.simulator.ExotelCaller;
import io.rtaa.simulator.Recording;
import io.rtaa.simulator.RunningCalls;
import io.rtaa.testsupport.DashboardClient;
import io.rtaa.testsupport.ListeningRecogniser;
import io.rtaa.tracing.CallTracing;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/** From a caller's socket to a browser's, through every built-in route but the recogniser's two. */
@SpringBootTest(properties = {"rtaa.port=0", "rtaa.routes=classpath:routes-under-test/listening.camel.yaml"})
class WholeWayTest {

    private static final Duration AT_MOST = Duration.ofSeconds(60);

    @TestConfiguration(proxyBeanMethods = false)
    static class Recogniser {
        @Bean
        RecogniserProvider listeningRecogniser() {
            return new ListeningRecogniser();
        }
    }

    @Autowired
    private PublicListener listener;

    @Autowired
    private Vertx vertx;

    @Autowired
    private ApplicationContext context;

    private URI address(String scheme, String path) {
        return URI.create(scheme + "://127.0.0.1:" + listener.actualPort() + path);
    }

    private RunningCalls call(Recording recording, int frameMillis) {
        return new ExotelCaller(vertx, 1)
                .place(new CallPlan(
                        address("ws", "/v1/exotel"),
                        recording,
                        null,
                        false,
                        frameMillis,
                        1,
                        Duration.ZERO,
                        CallPlan.DEFAULT_CONNECT_TIMEOUT,
                        null,
                        null));
    }

    @Test
    void everyWordOfEveryCallReachesTheDashboardOnceAndInOrder() {
        List<RunningCalls> calls = new ArrayList<>();
        try (DashboardClient dashboard = new DashboardClient(address("ws", "/v1/transcripts"))) {
            int[] rates = {8000, 16000, 24000, 8000, 16000};
            int[] frames = {20, 20, 100, 100, 37};
            for (int i = 0; i < rates.length; i++) {
                calls.add(call(ListeningRecogniser.saying(rates[i], 100 * i + 1, 14), frames[i]));
            }
            for (int i = 0; i < rates.length; i++) {
                String id = calls.get(i).streamSids().get(0);
                await().atMost(AT_MOST).until(() -> dashboard.hasEnded(id));
                assertThat(dashboard.transcript(id)).isEqualTo(ListeningRecogniser.transcript(100 * i + 1, 14));
                assertIsWellFormed(dashboard.events(id), rates[i]);
            }
        }
    }

    private static void assertIsWellFormed(List<JsonNode> events, int sampleRate) {
        assertThat(events.get(0).path("type").asText()).isEqualTo("call_started");
        assertThat(events.get(0).path("sample_rate").asInt()).isEqualTo(sampleRate);
        JsonNode last = events.get(events.size() - 1);
        assertThat(last.path("type").asText()).isEqualTo("call_ended");
        assertThat(last.path("reason").asText()).isEqualTo("callended");
        assertThat(last.path("duration_ms").asLong()).isEqualTo(14L * ListeningRecogniser.WORD_MILLIS);
        assertThat(events).extracting(event -> event.path("type").asText()).contains("partial");
        assertThat(events)
                .extracting(event -> event.path("seq").asLong())
                .isSorted()
                .doesNotHaveDuplicates();
        long end = 0;
        for (JsonNode event : events) {
            if ("final".equals(event.path("type").asText())) {
                assertThat(event.path("start_ms").asLong()).isGreaterThanOrEqualTo(end);
                end = event.path("end_ms").asLong();
            }
        }
    }

    @Test
    void whoComesLateGetsWhatWasSaidSoFarAndThenTheRest() {
        RunningCalls call = call(ListeningRecogniser.saying(8000, 1, 18), 20);
        String id = call.streamSids().get(0);
        try (DashboardClient early = new DashboardClient(address("ws", "/v1/transcripts"))) {
            await().atMost(AT_MOST).until(() -> !early.transcript(id).isEmpty());
            try (DashboardClient late = new DashboardClient(address("ws", "/v1/transcripts?interaction_id=" + id))) {
                await().atMost(AT_MOST).until(() -> late.hasEnded(id));
                assertThat(late.transcript(id)).isEqualTo(ListeningRecogniser.transcript(1, 18));
                assertThat(late.events().get(0).path("type").asText()).isEqualTo("call_started");
                assertThat(late.events()).hasSameSizeAs(late.events(id));
            }
        }
    }

    @Test
    void aPlainCallerIsAnsweredAndHeard() throws Exception {
        List<String> replies = new CopyOnWriteArrayList<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(address("ws", "/v1/ingest"), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
                        replies.add(data.toString());
                        webSocket.request(1);
                        return null;
                    }
                })
                .join();
        try (DashboardClient dashboard = new DashboardClient(address("ws", "/v1/transcripts"))) {
            socket.sendText(
                            "{\"event\":\"start\",\"interaction_id\":\"plain-1\",\"tenant_id\":\"acme\","
                                    + "\"sample_rate\":16000,\"encoding\":\"pcm16\"}",
                            true)
                    .join();
            byte[] pcm = ListeningRecogniser.saying(16000, 1, 8).pcm();
            // Frames of odd length: a sample may lie across two of them.
            for (int from = 0; from < pcm.length; from += 1601) {
                socket.sendBinary(ByteBuffer.wrap(pcm, from, Math.min(1601, pcm.length - from)), true)
                        .join();
            }
            socket.sendText("{\"event\":\"stop\"}", true).join();

            await().atMost(AT_MOST).until(() -> dashboard.hasEnded("plain-1"));
            assertThat(dashboard.transcript("plain-1")).isEqualTo(ListeningRecogniser.transcript(1, 8));
            assertThat(dashboard.events("plain-1").get(0).path("tenant_id").asText())
                    .isEqualTo("acme");
            assertThat(replies).first().asString().contains("\"started\"").contains("plain-1");
            assertThat(replies).anyMatch(reply -> reply.contains("\"ack\"") && reply.contains("10"));
        }
        HttpResponse<String> srt = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(address("http", "/api/calls/plain-1/transcript?format=srt"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(srt.statusCode()).isEqualTo(200);
        assertThat(srt.body()).contains("w1 w2").contains("-->");
    }

    @Test
    void theIdOfARequestIsInItsAnswerItsCallAndTheApi() throws Exception {
        try (DashboardClient dashboard = new DashboardClient(address("ws", "/v1/transcripts"))) {
            CompletableFuture<String> answered = new CompletableFuture<>();
            io.vertx.core.http.WebSocket caller = vertx.createWebSocketClient()
                    .connect(new WebSocketConnectOptions()
                            .setAbsoluteURI(address("ws", "/v1/ingest").toString())
                            .putHeader("X-Request-Id", "lb-7f3a"))
                    .onSuccess(socket -> answered.complete(socket.headers().get("X-Request-Id")))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            assertThat(answered).succeedsWithin(AT_MOST).isEqualTo("lb-7f3a");
            caller.writeTextMessage("{\"event\":\"start\",\"interaction_id\":\"traced\",\"tenant_id\":\"acme\","
                    + "\"sample_rate\":16000,\"encoding\":\"pcm16\"}");
            caller.writeTextMessage("{\"event\":\"stop\"}");
            await().atMost(AT_MOST).until(() -> dashboard.hasEnded("traced"));
            assertThat(dashboard.events("traced").get(0).path("request_id").asText())
                    .isEqualTo("lb-7f3a");
        }
        assertThat(get("/api/calls/traced").body()).contains("\"request_id\":\"lb-7f3a\"");
        assertThat(get("/api/calls/nobody").headers().firstValue("X-Request-Id"))
                .hasValueSatisfying(made -> assertThat(made).hasSize(36));
    }

    @Test
    void nothingThatTracesIsMadeWhileNoCollectorIsNamed() {
        assertThat(context.getBean(CallTracing.class)).isSameAs(CallTracing.OFF);
        assertThat(context.getBeansOfType(Object.class).values())
                .extracting(bean -> bean.getClass().getName())
                .noneMatch(name -> name.startsWith("io.opentelemetry.") || name.startsWith("io.micrometer.tracing."));
    }

    @Test
    void aPlainCallWhoseSocketIsCutGoesOnOverTheNextOne() throws Exception {
        try (DashboardClient dashboard = new DashboardClient(address("ws", "/v1/transcripts"))) {
            PlainCaller first = new PlainCaller("cut-1", 16_000);
            await().atMost(AT_MOST).until(first::isStarted);
            first.say(ListeningRecogniser.saying(16_000, 1, 6));
            first.socket.abort();
            PlainCaller[] next = {new PlainCaller("cut-1", 8000)};
            await().atMost(AT_MOST).until(() -> {
                // Until the server has seen that the first socket is gone.
                if (next[0].isClosed()) {
                    next[0] = new PlainCaller("cut-1", 8000);
                }
                return next[0].isStarted();
            });
            next[0].say(ListeningRecogniser.saying(8000, 7, 8));
            next[0].socket.sendText("{\"event\":\"stop\"}", true).join();

            await().atMost(AT_MOST)
                    .until(() -> dashboard.transcript("cut-1").endsWith("w14") && isOver(dashboard, "cut-1"));
            assertThat(dashboard.transcript("cut-1")).isEqualTo(ListeningRecogniser.transcript(1, 14));
            assertThat(dashboard.events("cut-1"))
                    .extracting(event -> event.path("seq").asLong())
                    .isSorted()
                    .doesNotHaveDuplicates();
            long end = 0;
            for (JsonNode event : dashboard.events("cut-1")) {
                if ("final".equals(event.path("type").asText())) {
                    assertThat(event.path("start_ms").asLong()).isGreaterThanOrEqualTo(end);
                    end = event.path("end_ms").asLong();
                }
            }
            assertThat(end).isEqualTo(14L * ListeningRecogniser.WORD_MILLIS);
        }
        assertThat(get("/api/calls/cut-1/transcript?format=txt").body()).contains("w1 w2", "w14");
        assertThat(get("/api/calls/cut-1").body()).contains("\"end_reason\":\"stopped\"");
        PlainCaller stopped = new PlainCaller("cut-1", 8000);
        await().atMost(AT_MOST).until(stopped::isClosed);
    }

    private static boolean isOver(DashboardClient dashboard, String id) {
        List<JsonNode> events = dashboard.events(id);
        JsonNode last = events.get(events.size() - 1);
        return "call_ended".equals(last.path("type").asText());
    }

    /** A caller of {@code /v1/ingest}. */
    private final class PlainCaller implements WebSocket.Listener {
        final WebSocket socket;
        private final List<String> replies = new CopyOnWriteArrayList<>();
        private volatile boolean closed;

        PlainCaller(String id, int rate) {
            socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(address("ws", "/v1/ingest"), this)
                    .join();
            socket.sendText(
                            "{\"event\":\"start\",\"interaction_id\":\"" + id + "\",\"tenant_id\":\"acme\","
                                    + "\"sample_rate\":" + rate + ",\"encoding\":\"pcm16\"}",
                            true)
                    .join();
        }

        void say(Recording recording) {
            byte[] pcm = recording.pcm();
            for (int from = 0; from < pcm.length; from += 1600) {
                socket.sendBinary(ByteBuffer.wrap(pcm, from, Math.min(1600, pcm.length - from)), true)
                        .join();
            }
        }

        boolean isStarted() {
            return replies.stream().anyMatch(reply -> reply.contains("\"started\""));
        }

        boolean isClosed() {
            return closed;
        }

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            replies.add(data.toString());
            webSocket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
            closed = true;
            return null;
        }
    }

    @Test
    void anAddressThatIsNotUrlEncodedIsRefusedInWords() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.actualPort())) {
            socket.getOutputStream()
                    .write("GET /api/calls/%zz?token=x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).startsWith("HTTP/1.1 400").contains("not URL-encoded");
        }
    }

    @Test
    void healthIsUpWhileEverythingRuns() throws Exception {
        for (String path : List.of("/health", "/api/health", "/health/live")) {
            HttpResponse<String> answer = get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(answer.body()).contains("\"status\":\"UP\"");
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address("http", path)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
