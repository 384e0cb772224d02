package io.rtaa.testsupport.deepgram;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rtaa.testsupport.deepgram.DeepgramStandIn.Attempt;
import io.rtaa.testsupport.deepgram.SpokenAudio.Spoken;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Deepgram's own client for JavaScript talks to the stand-in and has nothing against it. Needs Node and npm, which fetches
 * the client; only with {@code -Psdk}.
 */
@Tag("sdk")
class OfficialClientTest {

    private static final int RATE = 8000;
    private static final long TIMEOUT_MINUTES = 5;
    private static final Path SOURCES = Path.of("src", "test", "js", "deepgram-sdk");
    private static final Path INSTALLED = Path.of("target", "deepgram-sdk");

    @TempDir
    private Path directory;

    @Test
    void theOfficialClientHearsEveryWordAndHasNoComplaint() throws Exception {
        install();
        SpokenAudio audio = SpokenAudio.speak(RATE, 0, 24, 7);
        Path file = Files.write(directory.resolve("audio.pcm"), audio.pcm());
        Vertx vertx = Vertx.vertx();
        DeepgramStandIn.Config config =
                DeepgramStandIn.Config.standard().withQuirks(new Quirks(0, 0, 0, 0, 80, 700, 3500));
        try (DeepgramStandIn standIn = DeepgramStandIn.start(vertx, config)) {
            standIn.acceptOnly("a-key");

            String output = run(
                    Map.of("DEEPGRAM_URL", standIn.url().toString()),
                    "node",
                    "talk.mjs",
                    file.toString(),
                    String.valueOf(RATE));

            JsonNode heard = new ObjectMapper().readTree(output);
            assertThat(words(heard))
                    .isEqualTo(audio.words().stream().map(Spoken::text).toList());
            for (String count : List.of("interims", "speechFinals", "fromFinalize", "utteranceEnds", "speechStarts")) {
                assertThat(heard.path(count).asInt()).as(count).isPositive();
            }
            assertThat(heard.path("refusal").asText()).contains("401");
            standIn.assertNoBreach();
            assertThat(standIn.attempts()).extracting(Attempt::status).containsExactly(101, 401);
            StandInConnection connection = standIn.connections().get(0);
            assertThat(connection.audioMillis()).isEqualTo(audio.millis());
            assertThat(connection.controlMessages()).anyMatch(message -> message.contains("KeepAlive"));
        } finally {
            vertx.close();
        }
    }

    private static List<String> words(JsonNode heard) {
        return StreamSupport.stream(heard.path("words").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /** Beside the build's other output, so that nothing is installed among the sources. */
    private void install() throws Exception {
        Files.createDirectories(INSTALLED);
        for (String name : List.of("package.json", "package-lock.json", "talk.mjs", "types.mjs")) {
            Files.copy(SOURCES.resolve(name), INSTALLED.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        run(Map.of(), "npm", "ci", "--no-audit", "--no-fund");
    }

    /** Runs a command where the client is installed; what it says, which is told where it fails. */
    private String run(Map<String, String> environment, String... command) throws Exception {
        Path errors = directory.resolve("errors");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(INSTALLED.toFile()).redirectError(errors.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue())
                    .as("%s says: %s%n%s", Arrays.toString(command), output, Files.readString(errors))
                    .isZero();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }
}
