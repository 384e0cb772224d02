package io.rtaa.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.ServerWebSocket;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExotelCallerTest {
    private final Vertx vertx = Vertx.vertx();
    private final Map<ServerWebSocket, List<String>> received = new ConcurrentHashMap<>();
    private final List<MultiMap> headers = new CopyOnWriteArrayList<>();
    private final List<String> uris = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private HttpServer listen(HttpServer server) throws Exception {
        return server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    private URI server(Handler<ServerWebSocket> onOpen) throws Exception {
        HttpServer server = listen(vertx.createHttpServer().webSocketHandler(socket -> {
            headers.add(socket.headers());
            uris.add(socket.uri());
            List<String> messages = new CopyOnWriteArrayList<>();
            received.put(socket, messages);
            socket.textMessageHandler(messages::add);
            onOpen.handle(socket);
        }));
        return URI.create("ws://127.0.0.1:" + server.actualPort() + "/v1/exotel");
    }

    private RunReport run(CallPlan plan) throws Exception {
        return new ExotelCaller(vertx, 2)
                .place(plan)
                .report()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    private static Recording noise(int millis, int rate) {
        byte[] pcm = new byte[millis * rate / 1000 * 2];
        new Random(7).nextBytes(pcm);
        return new Recording(rate, pcm);
    }

    private static CallPlan plan(URI url, Recording recording, Duration length, int frameMillis, int calls) {
        return new CallPlan(
                url, recording, length, false, frameMillis, calls, Duration.ZERO, Duration.ofSeconds(10), "K:T", "a.b");
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 100})
    void sendsACallAsExotelDoes(int frameMillis) throws Exception {
        URI url = server(socket -> {});
        Recording recording = noise(250, 16000);
        RunReport report = run(plan(url, recording, null, frameMillis, 1));

        assertThat(report.succeeded()).isTrue();
        CallReport call = report.calls().get(0);
        assertThat(call.closeCode()).isEqualTo(1000);
        assertThat(uris).containsExactly("/v1/exotel?sample-rate=16000&token=a.b");
        assertThat(headers.get(0).get("User-Agent")).isEqualTo("Go-http-client/1.1");
        assertThat(headers.get(0).get("Authorization")).isEqualTo("Basic SzpU");
        assertThat(headers.get(0).contains("Origin")).isFalse();
        assertThat(headers.get(0).contains("Sec-WebSocket-Protocol")).isFalse();

        List<String> messages = received.values().iterator().next();
        ObjectMapper json = new ObjectMapper();
        assertThat(messages.get(0)).isEqualTo("{\"event\":\"connected\"}");
        JsonNode start = json.readTree(messages.get(1));
        assertThat(start.at("/start/media_format/sample_rate")).isEqualTo(json.readTree("\"16000\""));
        assertThat(start.at("/start/stream_sid").asText()).isEqualTo(call.streamSid());
        ByteArrayOutputStream audio = new ByteArrayOutputStream();
        int frames = messages.size() - 3;
        for (int i = 1; i <= frames; i++) {
            JsonNode media = json.readTree(messages.get(i + 1));
            assertThat(media.at("/sequence_number")).isEqualTo(json.readTree("\"" + (i + 1) + "\""));
            assertThat(media.at("/media/chunk")).isEqualTo(json.readTree("\"" + i + "\""));
            assertThat(media.at("/media/timestamp")).isEqualTo(json.readTree("\"" + i * frameMillis + "\""));
            audio.writeBytes(
                    Base64.getDecoder().decode(media.at("/media/payload").asText()));
        }
        assertThat(frames).isEqualTo((250 + frameMillis - 1) / frameMillis);
        assertThat(audio.toByteArray()).isEqualTo(recording.pcm());
        JsonNode stop = json.readTree(messages.get(messages.size() - 1));
        assertThat(stop.at("/stop/reason").asText()).isEqualTo("callended");
        assertThat(stop.at("/sequence_number").asText()).isEqualTo(String.valueOf(frames + 2));
    }

    @Test
    void callsAHostWithAnUnderscore() throws Exception {
        int port = server(socket -> {}).getPort();
        Vertx knowing = Vertx.vertx(new VertxOptions()
                .setAddressResolverOptions(
                        new AddressResolverOptions().setHostsValue(Buffer.buffer("127.0.0.1 my_app"))));
        try {
            RunReport report = new ExotelCaller(knowing, 1)
                    .place(CallPlan.of(URI.create("ws://K:T@my_app:" + port + "/v1/exotel"), noise(40, 8000)))
                    .report()
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);

            assertThat(report.succeeded()).as("%s", report.calls()).isTrue();
            assertThat(headers.get(0).get("Host")).isEqualTo("my_app:" + port);
            assertThat(headers.get(0).get("Authorization")).isEqualTo("Basic SzpU");
        } finally {
            knowing.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void placesManyCallsAtOnceAndRepeatsTheRecording() throws Exception {
        URI url = server(socket -> {});
        RunReport report = run(plan(url, noise(130, 8000), Duration.ofMillis(400), 20, 200));

        assertThat(report.succeeded()).isTrue();
        assertThat(report.calls()).hasSize(200).allSatisfy(call -> {
            assertThat(call.framesSent()).isEqualTo(20);
            assertThat(call.bytesSent()).isEqualTo(6400);
        });
        Set<String> sids = new HashSet<>();
        report.calls().forEach(call -> sids.add(call.streamSid()));
        assertThat(sids).hasSize(200);
        assertThat(report.lateness().percentileMillis(50))
                .isLessThanOrEqualTo(report.lateness().maxMillis());
    }

    /** On a Vert.x of its own, where the handshake's timer is the first of all. */
    @Test
    void aCallLastsLongerThanItsHandshakeMayTake() throws Exception {
        URI url = server(socket -> {});
        CallPlan usual = plan(url, noise(130, 8000), Duration.ofMillis(1200), 20, 1);
        Vertx fresh = Vertx.vertx();
        try {
            RunReport report = new ExotelCaller(fresh, 1)
                    .place(new CallPlan(
                            usual.url(),
                            usual.recording(),
                            usual.length(),
                            false,
                            20,
                            1,
                            Duration.ZERO,
                            Duration.ofMillis(600),
                            null,
                            null))
                    .report()
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
            assertThat(report.succeeded()).as("%s", report.calls()).isTrue();
        } finally {
            fresh.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void padsWithSilence() {
        Recording recording = noise(30, 8000);
        CallPlan plan = new CallPlan(
                URI.create("ws://h"),
                recording,
                Duration.ofMillis(60),
                true,
                20,
                1,
                Duration.ZERO,
                Duration.ofSeconds(1),
                null,
                null);
        byte[] second = plan.frame(1);
        assertThat(second).hasSize(320).startsWith(java.util.Arrays.copyOfRange(recording.pcm(), 320, 480));
        assertThat(java.util.Arrays.copyOfRange(second, 160, 320)).containsOnly(0);
        assertThat(plan.frame(2)).containsOnly(0);
    }

    @Test
    void reportsARefusal() throws Exception {
        HttpServer server = listen(vertx.createHttpServer()
                .requestHandler(
                        request -> request.response().setStatusCode(403).end("this address is not on the allow-list")));
        RunReport report =
                run(CallPlan.of(URI.create("ws://127.0.0.1:" + server.actualPort() + "/"), noise(100, 8000)));
        CallReport call = report.calls().get(0);
        assertThat(report.succeeded()).isFalse();
        assertThat(call.refusalStatus()).isEqualTo(403);
        assertThat(call.failure()).contains("allow-list");
    }

    @Test
    void reportsAServerThatHangsUpOrTalks() throws Exception {
        URI url = server(socket -> {
            socket.writeTextMessage("hello");
            vertx.setTimer(100, ignored -> socket.close((short) 1011, "broken"));
        });
        CallReport call = run(CallPlan.of(url, noise(5000, 8000))).calls().get(0);
        assertThat(call.closeCode()).isEqualTo(1011);
        assertThat(call.complete()).isFalse();
        assertThat(call.messagesReceived()).isEqualTo(1);
        assertThat(call.failure()).contains("1011", "broken");
    }

    @Test
    void hangsUpWithAStop() throws Exception {
        RunningCalls[] running = new RunningCalls[1];
        URI url = server(socket -> vertx.setTimer(200, ignored -> running[0].hangUp()));
        running[0] = new ExotelCaller(vertx, 1).place(CallPlan.of(url, noise(20_000, 8000)));
        RunReport report = running[0].report().toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertThat(report.calls().get(0).complete()).isTrue();
        List<String> messages = received.values().iterator().next();
        assertThat(messages.get(messages.size() - 1)).contains("\"event\":\"stop\"");
    }
}
