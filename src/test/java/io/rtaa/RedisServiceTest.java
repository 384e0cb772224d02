package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.rtaa.asr.RecogniserProvider;
import io.rtaa.call.AudioFormat;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.testsupport.DashboardClient;
import io.rtaa.testsupport.ListeningRecogniser;
import io.rtaa.testsupport.cluster.RedisProcess;
import io.rtaa.testsupport.cluster.Wire;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The service as several processes run it, on a Redis that keeps nothing on its disk: it comes back empty. */
class RedisServiceTest {

    private static final Duration AT_MOST = Duration.ofSeconds(60);
    private static final int RATE = 8000;
    private static final int FRAME_MILLIS = 100;

    @TempDir
    static Path directory;

    private static RedisProcess redis;
    private static Wire workersWire;
    private static ConfigurableApplicationContext ingestAndDashboard;
    private static ConfigurableApplicationContext worker;

    /** How Redis loses everything. */
    enum Loss {
        FLUSHED {
            @Override
            void strike() {
                withRedis(commands -> {
                    commands.flushall();
                    return null;
                });
            }
        },
        RESTARTED_WITHOUT_ITS_DATA {
            @Override
            void strike() {
                redis.kill();
                redis.start();
            }
        };

        abstract void strike();
    }

    @Configuration(proxyBeanMethods = false)
    static class Recogniser {
        @Bean
        RecogniserProvider listeningRecogniser() {
            return new ListeningRecogniser();
        }
    }

    @BeforeAll
    static void start() {
        redis = RedisProcess.thatForgets(directory);
        redis.start();
        workersWire = new Wire(redis.port());
        ingestAndDashboard = process("ingest,dashboard", redis.wire());
        worker = process("asr", workersWire);
    }

    @AfterAll
    static void stop() {
        worker.close();
        ingestAndDashboard.close();
        workersWire.close();
        redis.close();
    }

    @ParameterizedTest
    @EnumSource
    void aCallGoesOnForRunningAndNewDashboardsWhenRedisHasLostEverything(Loss loss) {
        String id = "lost-" + loss;
        try (DashboardClient running = dashboard(ingestAndDashboard)) {
            WebSocket caller = call(ingestAndDashboard, id);
            say(caller, id, 1, 8);
            await().atMost(AT_MOST).until(() -> running.transcript(id).endsWith("w8"));
            // The worker is not there to read what comes now: it lies in Redis alone.
            workersWire.cut();
            say(caller, id, 9, 4);
            await().atMost(AT_MOST).until(() -> audioInRedis() >= 4 * ListeningRecogniser.WORD_MILLIS / 200);

            loss.strike();
            workersWire.mend();

            say(caller, id, 13, 8);
            await().atMost(AT_MOST).until(() -> running.transcript(id).endsWith("w20"));
            ConfigurableApplicationContext other = process("dashboard", redis.wire());
            try (DashboardClient fresh = dashboard(other)) {
                hangUp(caller, id);

                await().atMost(AT_MOST).until(() -> running.hasEnded(id) && fresh.hasEnded(id));
                assertGap(running, id);
                assertGap(fresh, id);
                assertThat(running.transcript(id))
                        .isEqualTo(ListeningRecogniser.transcript(1, 8) + " " + ListeningRecogniser.transcript(13, 8));
                assertThat(fresh.transcript(id)).isEqualTo(ListeningRecogniser.transcript(13, 8));
                JsonNode first = fresh.events(id).get(0);
                assertThat(first.path("type").asText()).isEqualTo("call_started");
                assertThat(first.path("call_sid").asText()).isEqualTo("CA1");
                assertThat(first.path("from").asText()).isEqualTo("0999");
                assertThat(running.events(id))
                        .extracting(event -> event.path("seq").asLong())
                        .isSorted()
                        .doesNotHaveDuplicates();
            } finally {
                other.close();
            }
        }
    }

    @Test
    void aCallWhoseSocketIsCutGoesOnOverAnotherProcess() {
        ConfigurableApplicationContext other = process("ingest,dashboard", redis.wire());
        try (DashboardClient running = dashboard(ingestAndDashboard);
                DashboardClient elsewhere = dashboard(other)) {
            WebSocket first = call(ingestAndDashboard, "moved");
            say(first, "moved", 1, 8);
            await().atMost(AT_MOST).until(() -> running.transcript("moved").endsWith("w8"));

            first.abort();
            WebSocket second = call(other, "moved");
            say(second, "moved", 9, 8);
            await().atMost(AT_MOST).until(() -> running.transcript("moved").endsWith("w16"));
            hangUp(second, "moved");

            for (DashboardClient dashboard : List.of(running, elsewhere)) {
                await().atMost(AT_MOST).until(() -> ends(dashboard, "moved").size() == 2);
                assertThat(dashboard.transcript("moved")).isEqualTo(ListeningRecogniser.transcript(1, 16));
                assertThat(dashboard.events("moved"))
                        .extracting(event -> event.path("seq").asLong())
                        .isSorted()
                        .doesNotHaveDuplicates();
                assertThat(ends(dashboard, "moved")).containsExactly("disconnected", "callended");
            }
            try (DashboardClient late = dashboard(other)) {
                await().atMost(AT_MOST).until(() -> late.hasEnded("moved"));
                assertThat(late.transcript("moved")).isEqualTo(ListeningRecogniser.transcript(1, 16));
                assertThat(ends(late, "moved")).containsExactly("callended");
            }
        } finally {
            other.close();
        }
    }

    private static List<String> ends(DashboardClient dashboard, String id) {
        return dashboard.events(id).stream()
                .filter(event -> "call_ended".equals(event.path("type").asText()))
                .map(event -> event.path("reason").asText())
                .toList();
    }

    /** The words 9 to 12 are lost, and nothing else is said to be. */
    private static void assertGap(DashboardClient dashboard, String id) {
        List<JsonNode> gaps = dashboard.events(id).stream()
                .filter(event -> "gap".equals(event.path("type").asText()))
                .toList();
        assertThat(gaps).hasSize(1);
        assertThat(gaps.get(0).path("start_ms").asLong()).isEqualTo(8L * ListeningRecogniser.WORD_MILLIS);
        assertThat(gaps.get(0).path("end_ms").asLong()).isEqualTo(12L * ListeningRecogniser.WORD_MILLIS);
    }

    private static ConfigurableApplicationContext process(String roles, Wire wire) {
        return new SpringApplicationBuilder(RtaaApplication.class, Recogniser.class)
                .run(
                        "--rtaa.port=0",
                        "--rtaa.management.port=0",
                        "--rtaa.drain-seconds=0",
                        "--rtaa.roles=" + roles,
                        "--rtaa.routes="
                                + (roles.equals("asr") ? "classpath:routes-under-test/listening.camel.yaml" : ""),
                        "--rtaa.bus.adapter=redis",
                        "--rtaa.redis.url=redis://127.0.0.1:" + wire.port());
    }

    private static DashboardClient dashboard(ConfigurableApplicationContext process) {
        return new DashboardClient(address(process, "/v1/transcripts"));
    }

    private static URI address(ConfigurableApplicationContext process, String path) {
        return URI.create(
                "ws://127.0.0.1:" + process.getBean(PublicListener.class).actualPort() + path);
    }

    private static WebSocket call(ConfigurableApplicationContext ingest, String id) {
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(address(ingest, "/v1/exotel"), new WebSocket.Listener() {})
                .join();
        socket.sendText("{\"event\":\"connected\"}", true).join();
        socket.sendText(
                        "{\"event\":\"start\",\"stream_sid\":\"" + id + "\",\"start\":{\"stream_sid\":\"" + id
                                + "\",\"call_sid\":\"CA1\",\"account_sid\":\"acme\",\"from\":\"0999\",\"to\":\"0444\"}}",
                        true)
                .join();
        return socket;
    }

    private static void hangUp(WebSocket socket, String id) {
        socket.sendText(
                        "{\"event\":\"stop\",\"stream_sid\":\"" + id
                                + "\",\"stop\":{\"call_sid\":\"CA1\",\"account_sid\":\"acme\","
                                + "\"reason\":\"callended\"}}",
                        true)
                .join();
    }

    /** Sends so many words at once. */
    private static void say(WebSocket socket, String id, int first, int words) {
        byte[] pcm = ListeningRecogniser.saying(RATE, first, words).pcm();
        int frame = (int) AudioFormat.samples(FRAME_MILLIS, RATE) * AudioFormat.BYTES_PER_SAMPLE;
        for (int from = 0; from < pcm.length; from += frame) {
            String payload = Base64.getEncoder()
                    .encodeToString(Arrays.copyOfRange(pcm, from, Math.min(from + frame, pcm.length)));
            socket.sendText(
                            "{\"event\":\"media\",\"stream_sid\":\"" + id + "\",\"media\":{\"payload\":\"" + payload
                                    + "\"}}",
                            true)
                    .join();
        }
    }

    private static long audioInRedis() {
        return withRedis(commands -> commands.keys("rtaa:{*}:audio").stream()
                .mapToLong(commands::xlen)
                .sum());
    }

    private static <T> T withRedis(Function<RedisCommands<String, String>, T> question) {
        RedisClient client = RedisClient.create("redis://127.0.0.1:" + redis.port());
        try {
            return question.apply(client.connect().sync());
        } finally {
            client.shutdown();
        }
    }
}
