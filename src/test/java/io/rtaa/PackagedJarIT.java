package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rtaa.testsupport.ConcurrentTest;
import io.rtaa.testsupport.PrivateCa;
import io.rtaa.testsupport.RunningJar;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.io.TempDir;

/** The jar as it is handed over: with a team's own route file beside it, called by its own command, stopped by SIGTERM. */
class PackagedJarIT {

    private static final Duration AT_MOST = Duration.ofMinutes(2);
    private static final int MOST_CALLS = 5;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @ConcurrentTest
    void aRouteFileOfATeamAddsASinkThatGetsTheWholeCall() throws Exception {
        Path sink = folder.resolve("sink");
        Files.writeString(folder.resolve("sink.camel.yaml"), """
                - route:
                    id: finals-to-a-file
                    description: Appends what was said, one JSON object a line
                    from:
                      uri: "{{rtaa.bus.transcripts}}"
                      steps:
                        - filter:
                            simple: "${body.type} in 'call_started,final,call_ended'"
                            steps:
                              - to:
                                  uri: "file:%s"
                                  parameters:
                                    fileName: "${body.tenantId}.jsonl"
                                    fileExist: Append
                                    appendChars: "\\\\n"
                """.formatted(sink));

        try (RunningJar service = RunningJar.start(Map.of("RTAA_ROUTES", folder.toString()))) {
            List<JsonNode> events = callUntilWordsAreHeard(service.port(), sink.resolve("simulator.jsonl"));
            assertThat(events.get(0).path("type").asText()).isEqualTo("call_started");
            assertThat(isEnd(last(events))).isTrue();
            assertThat(events).anyMatch(PackagedJarIT::hasWords);

            // The library of the embedded recogniser has a lot to say of what it loads.
            assertThat(service.output()).doesNotContain("CI Unit", "phonetic", "Dictionary", "edu.cmu.sphinx");

            assertThat(service.stop()).as("exit code after SIGTERM").isEqualTo(143);
            assertThat(service.output()).contains("Apache Camel").contains("shutdown in");
        }
    }

    @ConcurrentTest
    void operatorsLookInOnAPortOfTheirOwn() throws Exception {
        try (RunningJar service = RunningJar.startExtracted(Map.of())) {
            HttpResponse<String> metrics = get(service.managementPort(), "/actuator/prometheus");
            assertThat(metrics.statusCode()).isEqualTo(200);
            assertThat(metrics.body())
                    .contains(
                            "\nrtaa_asr_finals_total 0.0",
                            "\nrtaa_asr_breaker_state{provider=\"sphinx\"} 0.0",
                            "\njvm_",
                            "routeId=\"exotel-in\"")
                    // Each would be a timer of every exchange.
                    .doesNotContain("camel_exchange_event_notifier", "camel_route_policy_seconds_bucket");
            assertThat(get(service.managementPort(), "/actuator/hawtio").statusCode())
                    .as("asks for a login")
                    .isEqualTo(302);
            assertThat(get(service.managementPort(), "/actuator/health").body())
                    .contains("\"UP\"", "\"routes\"", "\"admission\"");
            assertThat(get(service.managementPort(), "/").statusCode()).isEqualTo(404);

            assertThat(get(service.port(), "/actuator/prometheus").statusCode()).isEqualTo(404);
            assertThat(get(service.port(), "/actuator/health").statusCode()).isEqualTo(404);

            RunningJar.Result second =
                    RunningJar.run(Map.of("PORT", "0", "MANAGEMENT_PORT", Integer.toString(service.managementPort())));
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.output())
                    .contains("MANAGEMENT_PORT is " + service.managementPort() + " on MANAGEMENT_ADDRESS 127.0.0.1")
                    .contains("in use")
                    .doesNotContain("\tat ");
        }
    }

    @ConcurrentTest
    void aClientThatRenegotiatesTlsIsCutOff() throws Exception {
        Path certificate = folder.resolve("tls.crt");
        Path key = folder.resolve("tls.key");
        PrivateCa ca = new PrivateCa(folder);
        ca.signAsPem("rtaa", "localhost", certificate, key);
        try (RunningJar service = RunningJar.startExtracted(
                        Map.of("TLS_CERTIFICATE", certificate.toString(), "TLS_KEY", key.toString()));
                SSLSocket socket =
                        (SSLSocket) ca.trusting().getSocketFactory().createSocket("localhost", service.port())) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.startHandshake();

            socket.startHandshake();
            assertThatThrownBy(() -> {
                        socket.getOutputStream()
                                .write("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                        .getBytes(StandardCharsets.US_ASCII));
                        assertThat(socket.getInputStream().read()).isNegative();
                        throw new EOFException("the service has closed the connection");
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    private static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @ConcurrentTest
    void itsCommandsNeedNoServerAndNoConfiguration() throws Exception {
        assertThat(RunningJar.run("validate"))
                .extracting(RunningJar.Result::exitCode, RunningJar.Result::output)
                .satisfies(result ->
                        assertThat(result.get(0)).as("%s", result.get(1)).isEqualTo(0));
        Files.writeString(
                folder.resolve("new.camel.yaml"),
                "- route:\n    id: b\n    from:\n      uri: asr:deepgram?diarise=true\n      steps:\n"
                        + "        - to: log:x\n");
        RunningJar.Result warning = RunningJar.run("validate", folder.toString());
        assertThat(warning.exitCode()).as(warning.output()).isZero();
        assertThat(warning.output())
                .contains("new.camel.yaml:4: warning: 'diarise'")
                .contains("diarize");
        Path faulty = folder.resolve("faulty.camel.yaml");
        Files.writeString(faulty, "- route:\n    id: a\n    from:\n      uri: timer:x\n      stepz: []\n");
        RunningJar.Result fault = RunningJar.run("validate", folder.toString());
        assertThat(fault.exitCode()).isEqualTo(1);
        assertThat(fault.output()).contains("faulty.camel.yaml:5").contains("stepz");
        assertThat(RunningJar.run("listen").exitCode()).isEqualTo(2);
        assertThat(RunningJar.run("--version").output()).contains("rtaa 0.");
    }

    @ConcurrentTest
    void wrongSettingsAreToldInOneMessage() throws Exception {
        RunningJar.Result start = RunningJar.run(Map.of(
                "PORT", "eighty",
                "PUBSUB_ADAPTER", "rabbit",
                "SERVER_PORT", "9090",
                "MANAGEMENT_PORT", "tcp://10.0.0.1:80"));
        assertThat(start.exitCode()).isEqualTo(1);
        assertThat(start.output())
                .contains("MANAGEMENT_PORT is ignored: Kubernetes sets it")
                .contains("3 settings are wrong")
                .contains("SERVER_PORT is set")
                .contains("PORT is 'eighty'")
                .contains("PUBSUB_ADAPTER is 'rabbit'")
                .doesNotContain("\tat ");
    }

    /**
     * Places calls until words of one are written, and returns the events of that call. The first call loads the model,
     * and what a slow machine has not recognised a minute after the end of a call is given up.
     */
    private static List<JsonNode> callUntilWordsAreHeard(int port, Path file) throws Exception {
        List<JsonNode> events = List.of();
        for (int before = 0; before < MOST_CALLS && events.stream().noneMatch(PackagedJarIT::hasWords); before++) {
            RunningJar.Result call = RunningJar.run(
                    "call",
                    "--url",
                    "ws://127.0.0.1:" + port + "/v1/exotel?sample-rate=16000",
                    "--audio",
                    Path.of("src/main/resources/demo/conversation.wav")
                            .toAbsolutePath()
                            .toString(),
                    "--seconds",
                    "2",
                    "--json");
            assertThat(call.exitCode()).as(call.output()).isZero();
            int ended = before;
            events = await().atMost(AT_MOST)
                    .until(() -> eventsAfter(ended, file), ofOneCall -> !ofOneCall.isEmpty() && isEnd(last(ofOneCall)));
        }
        return events;
    }

    private static boolean hasWords(JsonNode event) {
        return "final".equals(event.path("type").asText())
                && !event.path("text").asText().isBlank();
    }

    private static boolean isEnd(JsonNode event) {
        return "call_ended".equals(event.path("type").asText());
    }

    private static JsonNode last(List<JsonNode> events) {
        return events.get(events.size() - 1);
    }

    /** The events after so many calls have ended. */
    private static List<JsonNode> eventsAfter(int calls, Path file) throws IOException {
        List<JsonNode> events = Files.exists(file) ? events(file) : List.of();
        int from = 0;
        for (int ended = 0; ended < calls; from++) {
            if (isEnd(events.get(from))) {
                ended++;
            }
        }
        return events.subList(from, events.size());
    }

    /** Of whole lines: the last one may be half written. */
    private static List<JsonNode> events(Path file) throws IOException {
        String text = Files.readString(file);
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .map(line -> {
                    try {
                        return JSON.readTree(line);
                    } catch (IOException e) {
                        throw new AssertionError("not JSON: " + line, e);
                    }
                })
                .toList();
    }
}
