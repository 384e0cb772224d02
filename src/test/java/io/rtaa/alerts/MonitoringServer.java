package io.rtaa.alerts;

import com.fasterxml.jackson.databind.JsonNode;
import io.rtaa.testsupport.PrometheusTool;
import io.rtaa.testsupport.cluster.Ports;
import io.rtaa.testsupport.cluster.RtaaProcess;
import io.rtaa.testsupport.cluster.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Prometheus or the Alertmanager, the real one, in a process of its own. */
final class MonitoringServer extends ServerProcess {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    private final int port;
    private final List<String> command;

    private MonitoringServer(String name, Path directory, int port, List<String> command) {
        super(name, directory);
        this.port = port;
        List<String> all = new ArrayList<>(command);
        all.add("--web.listen-address=127.0.0.1:" + port);
        this.command = List.copyOf(all);
    }

    /** One that evaluates rules over what targets say, and tells Alertmanagers. */
    static MonitoringServer prometheus(
            Path directory, JsonNode rules, List<MonitoringServer> alertmanagers, List<RtaaProcess> targets)
            throws IOException, InterruptedException {
        Path written = write(directory, "rules.json", rules);
        List<Integer> ports = alertmanagers.stream().map(each -> each.port).toList();
        Path configuration = write(directory, "prometheus.json", DeployedFiles.prometheus(written, ports, targets));
        return new MonitoringServer(
                "prometheus",
                directory,
                Ports.free(),
                List.of(
                        PrometheusTool.PROMETHEUS.program(),
                        "--config.file=" + configuration,
                        "--storage.tsdb.path=" + directory.resolve("metrics").toAbsolutePath()));
    }

    /** One that posts to the webhook that its configuration names. */
    static MonitoringServer alertmanager(String name, Path directory, JsonNode content)
            throws IOException, InterruptedException {
        Path configuration = write(directory, name + ".json", content);
        return new MonitoringServer(
                name,
                directory,
                Ports.free(),
                List.of(
                        PrometheusTool.ALERTMANAGER.program(),
                        "--config.file=" + configuration,
                        "--storage.path=" + directory.resolve(name + "-state").toAbsolutePath(),
                        "--cluster.listen-address="));
    }

    private static Path write(Path directory, String name, JsonNode content) throws IOException {
        Files.createDirectories(directory);
        return Files.writeString(directory.resolve(name), content.toPrettyString())
                .toAbsolutePath();
    }

    /** What Prometheus answers to a query, as JSON. */
    private String query(String expression) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        if (answer.statusCode() != 200) {
            throw new AssertionError(expression + ": " + answer.body());
        }
        return answer.body();
    }

    /** Whether nothing comes of a query. */
    boolean hasNone(String expression) throws IOException, InterruptedException {
        return query(expression).contains("\"result\":[]");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(TIMEOUT)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Override
    protected List<String> command() {
        return command;
    }

    @Override
    protected boolean isUp() {
        try {
            return get("/-/ready").statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
