package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.bus.Speech;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.testsupport.DashboardClient;
import io.rtaa.testsupport.cluster.KafkaProcess;
import io.rtaa.testsupport.cluster.RedisProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A call that is erased at one dashboard is gone from all of them, and from one that starts later. */
class ErasureOnEveryBusTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String ID = "erased";

    @TempDir
    Path directory;

    @Test
    void aCallIsErasedFromTheOnlyProcessInMemory() throws Exception {
        try (ConfigurableApplicationContext service = dashboard("--rtaa.bus.adapter=memory");
                DashboardClient browser = browser(service)) {
            publishCall(service);
            await().atMost(PATIENCE).until(() -> browser.hasEnded(ID));

            assertThat(send(service, "DELETE", "/api/calls/" + ID)).isEqualTo(204);

            assertThat(send(service, "GET", "/api/calls/" + ID)).isEqualTo(404);
            assertErased(browser);
        }
    }

    @Test
    void aCallIsErasedFromEveryDashboardOnRedis() throws Exception {
        try (RedisProcess redis = new RedisProcess(directory.resolve("redis"))) {
            redis.start();
            isErasedEverywhere(
                    "--rtaa.bus.adapter=redis",
                    "--rtaa.redis.partitions=4",
                    "--rtaa.redis.url=redis://127.0.0.1:" + redis.port());
        }
    }

    @Test
    void aCallIsErasedFromEveryDashboardOnKafka() throws Exception {
        try (KafkaProcess kafka = new KafkaProcess(directory.resolve("kafka"))) {
            kafka.start();
            isErasedEverywhere(
                    "--rtaa.bus.adapter=kafka",
                    "--rtaa.kafka.partitions=4",
                    "--rtaa.kafka.brokers=127.0.0.1:" + kafka.wire().port());
        }
    }

    private static void isErasedEverywhere(String... bus) throws Exception {
        try (ConfigurableApplicationContext one = dashboard(bus);
                ConfigurableApplicationContext other = dashboard(bus);
                DashboardClient here = browser(one);
                DashboardClient there = browser(other)) {
            publishCall(one);
            await().atMost(PATIENCE).until(() -> here.hasEnded(ID) && there.hasEnded(ID));

            assertThat(send(one, "DELETE", "/api/calls/" + ID)).isEqualTo(204);

            assertThat(send(one, "GET", "/api/calls/" + ID)).isEqualTo(404);
            assertErased(here);
            assertErased(there);
            assertThat(send(other, "GET", "/api/calls/" + ID)).isEqualTo(404);
            isNotShownByOneThatStartsLater(one, bus);
        }
    }

    private static void isNotShownByOneThatStartsLater(ConfigurableApplicationContext one, String... bus)
            throws IOException {
        // Behind the erasure in every partition: a dashboard that shows them all has read it.
        List<String> later = IntStream.range(0, 40).mapToObj(i -> "later-" + i).toList();
        later.forEach(id -> publish(one, speech(id).started(1)));
        try (ConfigurableApplicationContext late = dashboard(bus)) {
            await().atMost(PATIENCE).until(() -> {
                for (String id : later) {
                    if (send(late, "GET", "/api/calls/" + id) != 200) {
                        return false;
                    }
                }
                return true;
            });
            assertThat(send(late, "GET", "/api/calls/" + ID)).isEqualTo(404);
            try (DashboardClient newcomer = browser(late)) {
                await().atMost(PATIENCE)
                        .until(() -> later.stream()
                                .noneMatch(id -> newcomer.events(id).isEmpty()));
                assertThat(newcomer.events(ID))
                        .allSatisfy(
                                event -> assertThat(event.path("type").asText()).isEqualTo("call_erased"));
            }
        }
    }

    private static void assertErased(DashboardClient browser) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(browser.events(ID))
                        .last()
                        .satisfies(
                                event -> assertThat(event.path("type").asText()).isEqualTo("call_erased")));
    }

    private static Speech speech(String id) {
        Speech speech = new Speech("acme", id);
        return speech.again(Duration.ofMillis(
                System.currentTimeMillis() - speech.start().info().startedAtMillis()));
    }

    private static void publishCall(ConfigurableApplicationContext service) {
        Speech call = speech(ID);
        List.of(call.started(1), call.partial(2, 1), call.words(3, 1, 3), call.ended(4, 3))
                .forEach(event -> publish(service, event));
    }

    /** As a worker's route does: a bus that is not ready is tried again. */
    private static void publish(ConfigurableApplicationContext service, TranscriptEvent event) {
        ProducerTemplate template = service.getBean(CamelContext.class).createProducerTemplate();
        await().atMost(PATIENCE)
                .until(() -> template.send(
                                        "{{rtaa.bus.transcripts}}",
                                        exchange -> exchange.getMessage().setBody(event))
                                .getException()
                        == null);
    }

    private static ConfigurableApplicationContext dashboard(String... bus) {
        return new SpringApplicationBuilder(RtaaApplication.class)
                .run(Stream.concat(
                                Stream.of(bus),
                                Stream.of("--rtaa.port=0", "--rtaa.management.port=0", "--rtaa.roles=dashboard"))
                        .toArray(String[]::new));
    }

    private static DashboardClient browser(ConfigurableApplicationContext service) {
        return new DashboardClient(address(service, "ws", "/v1/transcripts"));
    }

    private static int send(ConfigurableApplicationContext service, String method, String path) throws IOException {
        try {
            return HTTP.send(
                            HttpRequest.newBuilder(address(service, "http", path))
                                    .method(method, HttpRequest.BodyPublishers.noBody())
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static URI address(ConfigurableApplicationContext service, String scheme, String path) {
        return URI.create(
                scheme + "://127.0.0.1:" + service.getBean(PublicListener.class).actualPort() + path);
    }
}
