package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.testsupport.cluster.Ports;
import io.rtaa.testsupport.cluster.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/**
 * What the Dockerfile does, done without an engine: its command takes the jar apart, its copies put it together, its entry
 * point starts it, its check finds it alive, and Prometheus finds its metrics.
 */
class ImageIT {

    private static final Pattern RUN_JAVA = Pattern.compile("(?m)^RUN java (.+)$");
    private static final Pattern COPY = Pattern.compile("(?m)^COPY --from=layers /layers/extracted/(\\S+)/ \\./$");
    private static final Pattern ENTRYPOINT = Pattern.compile("(?m)^ENTRYPOINT \\[(.+)]$");
    private static final Pattern CHECK = Pattern.compile("http://127\\.0\\.0\\.1:\\$\\{PORT:-\\d+}(/\\S+)\"");
    private static final Pattern METRICS = Pattern.compile("metrics_path: (\\S+)");

    @TempDir
    private Path folder;

    private final int port = Ports.free();
    private final int managementPort = Ports.free();

    @Test
    void theJarTakenApartAndPutTogetherRunsAndIsFoundAliveAndMeasured() throws Exception {
        String dockerfile = Files.readString(Path.of("Dockerfile"));
        Path image = putTogether(dockerfile, takeApart(dockerfile));
        try (ServerProcess service = service(image, words(only(ENTRYPOINT, dockerfile)))) {
            service.start();

            assertThat(get(port, only(CHECK, dockerfile)).statusCode()).isEqualTo(200);

            String prometheus = Files.readString(Path.of("deploy/prometheus/prometheus.yml"));
            assertThat(get(managementPort, only(METRICS, prometheus)).body()).contains("rtaa_telephony_calls_live");
        }
    }

    private Path takeApart(String dockerfile) throws IOException, InterruptedException {
        Path layers = Files.createDirectory(folder.resolve("layers"));
        Files.copy(Path.of("target/rtaa.jar"), layers.resolve("rtaa.jar"));
        Process process = new ProcessBuilder(
                        command(List.of(only(RUN_JAVA, dockerfile).split(" ", -1))))
                .directory(layers.toFile())
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
        return layers.resolve("extracted");
    }

    private Path putTogether(String dockerfile, Path layers) throws IOException {
        Path image = Files.createDirectory(folder.resolve("image"));
        List<String> copied =
                COPY.matcher(dockerfile).results().map(copy -> copy.group(1)).toList();
        try (var found = Files.list(layers)) {
            assertThat(copied)
                    .containsExactlyInAnyOrderElementsOf(found.filter(Files::isDirectory)
                            .map(layer -> layer.getFileName().toString())
                            .toList());
        }
        for (String layer : copied) {
            FileSystemUtils.copyRecursively(layers.resolve(layer), image);
        }
        return image;
    }

    private ServerProcess service(Path image, List<String> entrypoint) {
        assertThat(entrypoint).first().isEqualTo("java");
        return new ServerProcess("rtaa", image) {
            @Override
            protected List<String> command() {
                return ImageIT.command(entrypoint.subList(1, entrypoint.size()));
            }

            @Override
            protected Map<String, String> environment() {
                return Map.of("PORT", Integer.toString(port), "MANAGEMENT_PORT", Integer.toString(managementPort));
            }

            @Override
            protected boolean isUp() {
                return listens(port);
            }
        };
    }

    private static List<String> command(List<String> arguments) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return Stream.concat(Stream.of(java), arguments.stream()).toList();
    }

    private static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    /** The words of a JSON array. */
    private static List<String> words(String array) {
        return Pattern.compile("\"([^\"]+)\"")
                .matcher(array)
                .results()
                .map(word -> word.group(1))
                .toList();
    }

    private static String only(Pattern pattern, String text) {
        List<MatchResult> found = pattern.matcher(text).results().toList();
        assertThat(found).as("%s", pattern).hasSize(1);
        return found.get(0).group(1);
    }
}
