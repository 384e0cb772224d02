package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.rtaa.bus.Speech;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.testsupport.DashboardClient;
import io.rtaa.testsupport.cluster.KafkaProcess;
import io.rtaa.testsupport.cluster.RedisProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The README's own sink, word for word, beside the dashboard: on each bus, and after a restart of the process. */
class SinkOnEveryBusTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern YAML = Pattern.compile("```yaml\n(# routes/sink.camel.yaml\n.*?)```", Pattern.DOTALL);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @Test
    void itWritesEachFinalOnceFromMemory() throws IOException {
        writesEachFinalOnceWhateverRestarts("--rtaa.bus.adapter=memory");
    }

    @Test
    void itWritesEachFinalOnceFromRedis() throws IOException {
        try (RedisProcess redis = new RedisProcess(directory.resolve("redis"))) {
            redis.start();
            writesEachFinalOnceWhateverRestarts(
                    "--rtaa.bus.adapter=redis", "--rtaa.redis.url=redis://127.0.0.1:" + redis.port());
        }
    }

    @Test
    void itWritesEachFinalOnceFromKafka() throws IOException {
        try (KafkaProcess kafka = new KafkaProcess(directory.resolve("kafka"))) {
            kafka.start();
            writesEachFinalOnceWhateverRestarts(
                    "--rtaa.bus.adapter=kafka",
                    "--rtaa.kafka.brokers=127.0.0.1:" + kafka.wire().port(),
                    "--rtaa.kafka.partitions=4");
        }
    }

    private void writesEachFinalOnceWhateverRestarts(String... bus) throws IOException {
        Path routes = Files.createDirectory(directory.resolve("routes"));
        Path written = directory.resolve("transcripts");
        Files.writeString(routes.resolve("sink.camel.yaml"), readmesSink(written));
        Duration untilNow = Duration.ofMillis(System.currentTimeMillis()
                - new Speech("acme", "x").start().info().startedAtMillis());
        Speech first = new Speech("acme", "first").again(untilNow);
        Speech second = new Speech("acme", "second").again(untilNow);

        try (ConfigurableApplicationContext service = start(routes, bus)) {
            call(first).forEach(event -> publish(service, event));

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(words(written)).containsExactly("w1", "w2", "w3"));
            assertDashboardShows(first, service);
        }
        try (ConfigurableApplicationContext service = start(routes, bus)) {
            call(second).forEach(event -> publish(service, event));

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(words(written)).hasSizeGreaterThanOrEqualTo(6));
            assertThat(words(written)).containsExactly("w1", "w2", "w3", "w1", "w2", "w3");
            assertDashboardShows(second, service);
        }
    }

    private static String readmesSink(Path written) throws IOException {
        Matcher sink = YAML.matcher(Files.readString(Path.of("README.md")));
        assertThat(sink.find()).isTrue();
        return sink.group(1).replace("file:transcripts", "file:" + written);
    }

    private static ConfigurableApplicationContext start(Path routes, String... bus) {
        return new SpringApplicationBuilder(RtaaApplication.class)
                .run(Stream.concat(
                                Stream.of(bus),
                                Stream.of(
                                        "--rtaa.port=0",
                                        "--rtaa.management.port=0",
                                        "--rtaa.roles=dashboard",
                                        "--rtaa.routes=" + routes))
                        .toArray(String[]::new));
    }

    private static List<TranscriptEvent> call(Speech call) {
        return List.of(
                call.started(1),
                call.partial(2, 1),
                call.words(3, 1, 1),
                call.words(4, 2, 2),
                call.words(5, 3, 3),
                call.ended(6, 3));
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

    private static List<String> words(Path written) throws IOException {
        List<String> words = new ArrayList<>();
        Path file = written.resolve("acme.jsonl");
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                words.add(JSON.readTree(line).path("text").asText());
            }
        }
        return words;
    }

    private static void assertDashboardShows(Speech call, ConfigurableApplicationContext service) {
        int port = service.getBean(PublicListener.class).actualPort();
        try (DashboardClient dashboard =
                new DashboardClient(URI.create("ws://127.0.0.1:" + port + "/v1/transcripts"))) {
            await().atMost(PATIENCE)
                    .until(() -> dashboard.hasEnded(call.stream().interactionId()));
        }
    }
}
