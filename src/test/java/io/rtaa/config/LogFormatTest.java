package io.rtaa.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rtaa.simulator.CallPlan;
import io.rtaa.simulator.ExotelCaller;
import io.rtaa.simulator.Recording;
import io.rtaa.testsupport.RunningJar;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The log of the service as a process: readable, or JSON, by one setting. */
class LogFormatTest {

    private static final Duration AT_MOST = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern KEY = Pattern.compile("addKeyValue\\(\\s*\"(\\w+)\"|_KEY = \"([a-z_]+_(?:id|sid))\"");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ((?:`\\w+`(?:, )?)+) \\|");

    private static JsonNode object(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + line, e);
        }
    }

    /** Plays a call of a second, and waits until the log tells of its end. */
    private static void call(RunningJar service) {
        Vertx vertx = Vertx.vertx();
        try {
            new ExotelCaller(vertx, 1)
                    .place(CallPlan.of(
                            URI.create("ws://127.0.0.1:" + service.port() + "/v1/exotel"),
                            new Recording(8000, new byte[16_000])));
            await().atMost(AT_MOST).until(() -> service.output().contains("A stream ended"));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static List<JsonNode> lines(RunningJar service) {
        return Arrays.stream(service.output().split("\n"))
                .map(LogFormatTest::object)
                .toList();
    }

    @Test
    void eachLineIsAnObjectOfEcsWhoseKeysAreFields() throws Exception {
        try (RunningJar service = RunningJar.startWithItsOwnLog(Map.of("RTAA_LOG_FORMAT", "ECS"))) {
            call(service);

            List<JsonNode> lines = lines(service);
            assertThat(lines).allSatisfy(line -> {
                assertThat(line.path("@timestamp").asText()).isNotEmpty();
                assertThat(line.at("/log/level").asText()).isNotEmpty();
                assertThat(line.at("/service/name").asText()).isEqualTo("rtaa");
                assertThat(line.at("/ecs/version").asText()).isNotEmpty();
            });
            JsonNode configuration = only(lines, "Configuration");
            assertThat(configuration.path("RTAA_LOG_FORMAT").asText()).isEqualTo("ECS");
            assertThat(configuration.has("tls_on")).isTrue();
            JsonNode ended = lines.stream()
                    .filter(line -> line.path("message").asText().startsWith("A stream ended"))
                    .findFirst()
                    .orElseThrow();
            for (String key : List.of("interaction_id", "tenant_id", "stream_id", "request_id", "call_sid")) {
                assertThat(ended.path(key).asText()).as(key).isNotEmpty();
                assertThat(ended.path("message").asText())
                        .doesNotContain(ended.path(key).asText());
            }
            assertThat(lines)
                    .filteredOn(line -> line.at("/log/logger").asText().equals("rtaa.audit"))
                    .anySatisfy(line -> assertThat(line.path("what").asText()).isEqualTo("sign-in"));
        }
    }

    @Test
    void readableLinesAreTheDefault() throws Exception {
        try (RunningJar service = RunningJar.startWithItsOwnLog(Map.of())) {
            call(service);

            assertThat(service.output().lines())
                    .anySatisfy(line -> assertThat(line)
                            .contains(" A stream ended ")
                            .contains(" interaction_id=\"", " tenant_id=\"", " stream_id=\"", " request_id=\""))
                    .noneMatch(line -> line.startsWith("{"));
        }
    }

    private static JsonNode only(List<JsonNode> lines, String message) {
        List<JsonNode> found = lines.stream()
                .filter(line -> line.path("message").asText().equals(message))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    @Test
    void everyKeyIsInTheTableOfTheDocument() throws IOException {
        Set<String> used = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            for (Path source :
                    sources.filter(file -> file.toString().endsWith(".java")).toList()) {
                KEY.matcher(Files.readString(source))
                        .results()
                        .forEach(key -> used.add(key.group(1) == null ? key.group(2) : key.group(1)));
            }
        }
        String document = Files.readString(Path.of("docs/operations.md"));
        int begin = document.indexOf("### Keys of the log");
        String table = document.substring(begin, document.indexOf("\n## ", begin));
        Set<String> documented = new TreeSet<>();
        ROW.matcher(table)
                .results()
                .forEach(row ->
                        documented.addAll(List.of(row.group(1).replace("`", "").split(", "))));

        assertThat(used).hasSizeGreaterThan(40);
        assertThat(documented).isEqualTo(used);
    }
}
