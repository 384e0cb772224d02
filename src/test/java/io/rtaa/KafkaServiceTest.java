package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.asr.RecogniserProvider;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.simulator.CallPlan;
import io.rtaa.simulator.ExotelCaller;
import io.rtaa.simulator.Recording;
import io.rtaa.testsupport.DashboardClient;
import io.rtaa.testsupport.ListeningRecogniser;
import io.rtaa.testsupport.cluster.KafkaProcess;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The whole service in one process, with Kafka for its bus and nothing else said of it. */
@SpringBootTest(
        properties = {
            "rtaa.port=0",
            "rtaa.drain-seconds=0",
            "rtaa.routes=classpath:routes-under-test/listening.camel.yaml",
            "rtaa.bus.adapter=kafka",
            "rtaa.kafka.partitions=4"
        })
@DirtiesContext
class KafkaServiceTest {

    private static final Duration AT_MOST = Duration.ofSeconds(60);
    private static final int RATE = 8000;

    @TempDir
    static Path directory;

    private static KafkaProcess kafka;

    @TestConfiguration(proxyBeanMethods = false)
    static class Recogniser {
        @Bean
        RecogniserProvider listeningRecogniser() {
            return new ListeningRecogniser();
        }
    }

    @DynamicPropertySource
    static void startKafka(DynamicPropertyRegistry registry) {
        kafka = new KafkaProcess(directory.resolve("kafka"));
        kafka.start();
        registry.add("rtaa.kafka.brokers", () -> "127.0.0.1:" + kafka.wire().port());
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @Autowired
    private PublicListener listener;

    @Autowired
    private Vertx vertx;

    @Test
    void everyWordOfEveryCallPassesKafkaOnceAndInOrder() {
        try (DashboardClient dashboard = new DashboardClient(address("ws", "/v1/transcripts"))) {
            List<String> ids = new ArrayList<>();
            for (int call = 0; call < 5; call++) {
                ids.add(call(ListeningRecogniser.saying(RATE, 100 * call + 1, 14)));
            }
            for (int call = 0; call < ids.size(); call++) {
                String id = ids.get(call);
                await().atMost(AT_MOST).until(() -> dashboard.hasEnded(id));
                assertThat(dashboard.transcript(id)).isEqualTo(ListeningRecogniser.transcript(100 * call + 1, 14));
                assertThat(dashboard.events(id))
                        .extracting(event -> event.path("seq").asLong())
                        .isSorted()
                        .doesNotHaveDuplicates();
            }
            // A partial that its final has overtaken is not published, so on a busy machine a call may have none.
            assertThat(ids)
                    .flatMap(dashboard::events)
                    .extracting(event -> event.path("type").asText())
                    .contains("partial");
        }
    }

    @Test
    void topicsAreCreatedAndNoGroupIsLeftByDashboards() throws Exception {
        try (Admin admin = Admin.create(Map.<String, Object>of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                "127.0.0.1:" + kafka.wire().port()))) {
            await().atMost(AT_MOST)
                    .untilAsserted(
                            () -> assertThat(admin.listConsumerGroups().all().get())
                                    .extracting(group -> group.groupId())
                                    .containsExactly("rtaa-asr"));
            assertThat(admin.listTopics().names().get()).contains("rtaa-audio", "rtaa-transcripts", "rtaa-partials");
        }
    }

    @Test
    void healthTellsOfABrokerThatIsAwayAndOfItsReturn() throws IOException {
        await().atMost(AT_MOST)
                .untilAsserted(() -> assertThat(get("/health")).contains("200", "\"kafka\":{\"status\":\"UP\""));

        kafka.wire().cut();

        await().atMost(AT_MOST)
                .untilAsserted(() -> assertThat(get("/health")).contains("503", "\"kafka\":{\"status\":\"DOWN\"}"));
        assertThat(get("/health/live")).contains("200");
        kafka.wire().mend();
        await().atMost(AT_MOST).untilAsserted(() -> assertThat(get("/health")).contains("200"));
    }

    private String call(Recording recording) {
        return new ExotelCaller(vertx, 1)
                .place(new CallPlan(
                        address("ws", "/v1/exotel"),
                        recording,
                        null,
                        false,
                        20,
                        1,
                        Duration.ZERO,
                        CallPlan.DEFAULT_CONNECT_TIMEOUT,
                        null,
                        null))
                .streamSids()
                .get(0);
    }

    private String get(String path) throws IOException {
        try {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(address("http", path)).build(), HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private URI address(String scheme, String path) {
        return URI.create(scheme + "://127.0.0.1:" + listener.actualPort() + path);
    }
}
