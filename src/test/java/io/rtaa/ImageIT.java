package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.testsupport.ExtractedJar;
import io.rtaa.testsupport.Image;
import io.rtaa.testsupport.ImageHealthCheck;
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
import org.junit.jupiter.api.Test;

/**
 * What comes of the Dockerfile, without an engine: its entry point starts it, its check finds it alive, and Prometheus finds its
 * metrics.
 */
class ImageIT {

    private static final Pattern METRICS = Pattern.compile("metrics_path: (\\S+)");

    private final int port = Ports.free();
    private final int managementPort = Ports.free();

    @Test
    void theJarTakenApartAndPutTogetherRunsAndIsFoundAliveAndMeasured() throws Exception {
        Image image = ExtractedJar.image();
        try (ServerProcess service = service(image)) {
            service.start();

            URI check = ImageHealthCheck.address(Map.of("PORT", Integer.toString(port)));
            assertThat(get(check).statusCode()).isEqualTo(200);

            String prometheus = Files.readString(Path.of("deploy/prometheus/prometheus.yml"));
            URI metrics = URI.create("http://127.0.0.1:" + managementPort + only(METRICS, prometheus));
            assertThat(get(metrics).body()).contains("rtaa_telephony_calls_live");
        }
    }

    private ServerProcess service(Image image) {
        return new ServerProcess("rtaa", image.directory()) {
            @Override
            protected List<String> command() {
                return image.command();
            }

            @Override
            protected Map<String, String> environment() {
                // An archive of classes that cannot be used is a failure here, where it only makes a start slower.
                return Map.of(
                        "PORT", Integer.toString(port),
                        "MANAGEMENT_PORT", Integer.toString(managementPort),
                        "JAVA_TOOL_OPTIONS", "-Xshare:on -XX:TieredStopAtLevel=1");
            }

            @Override
            protected boolean isUp() {
                return listens(port);
            }
        };
    }

    private static HttpResponse<String> get(URI address) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String only(Pattern pattern, String text) {
        List<MatchResult> found = pattern.matcher(text).results().toList();
        assertThat(found).as("%s", pattern).hasSize(1);
        return found.get(0).group(1);
    }
}
