package io.rtaa.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rtaa.testsupport.RunningJar;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C: what is waited for, and what is not. */
class GracefulStopTest {

    private static final Duration AT_MOST = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final String SINK = """
            - route:
                id: events-to-a-file
                description: Appends starts and ends of calls, one JSON object a line
                from:
                  uri: "{{rtaa.bus.transcripts}}"
                  steps:
                    - filter:
                        simple: "${body.type} in 'call_started,call_ended'"
                        steps:
                          - to:
                              uri: "file:%s"
                              parameters:
                                fileName: events.jsonl
                                fileExist: Append
                                appendChars: "\\\\n"
            """;

    @TempDir
    private Path folder;

    @Test
    void aCallIsWaitedForAndADemoCallIsNot() throws Exception {
        Files.writeString(folder.resolve("sink.camel.yaml"), SINK.formatted(folder));
        try (RunningJar service =
                RunningJar.startUnpackaged(Map.of("RTAA_ROUTES", folder.toString(), "DRAIN_SECONDS", "300"))) {
            WebSocket caller = HTTP.newWebSocketBuilder()
                    .buildAsync(
                            URI.create("ws://127.0.0.1:" + service.port() + "/v1/exotel"), new WebSocket.Listener() {})
                    .join();
            send(caller, "{\"event\":\"start\",\"stream_sid\":\"real\",\"start\":{\"stream_sid\":\"real\"}}");
            send(
                    caller,
                    "{\"event\":\"media\",\"media\":{\"payload\":\""
                            + Base64.getEncoder().encodeToString(new byte[1600]) + "\"}}");
            String demo = placeDemoCall(service.port());
            await().atMost(AT_MOST)
                    .until(() -> events("real", "call_started").size() == 1
                            && events(demo, "call_started").size() == 1);

            service.terminate();
            await().atMost(AT_MOST).until(() -> service.output().contains("waiting up to 300 s for 1 calls"));
            send(caller, "{\"event\":\"stop\",\"stop\":{\"reason\":\"callended\"}}");

            // Long before the demo call would have been played to its end, let alone 300 s.
            assertThat(service.awaitExit()).isEqualTo(143);
            assertThat(events("real", "call_ended"))
                    .extracting(event -> event.path("reason").asText())
                    .containsExactly("callended");
            assertThat(events(demo, "call_ended"))
                    .extracting(event -> event.path("reason").asText())
                    .containsExactly("drained");
            assertThat(service.output())
                    .contains("A demo call ended early")
                    .doesNotContain("was played to its end", " ERROR ", "\tat ");
        }
    }

    private static void send(WebSocket socket, String message) {
        socket.sendText(message, true).join();
    }

    private static String placeDemoCall(int port) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/demo-calls"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        String answer = HTTP.send(request, BodyHandlers.ofString()).body();
        return JSON.readTree(answer).path("interaction_id").asText();
    }

    private List<JsonNode> events(String interactionId, String type) throws Exception {
        Path file = folder.resolve("events.jsonl");
        List<JsonNode> found = new ArrayList<>();
        for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
            JsonNode event = JSON.readTree(line);
            if (event.path("interaction_id").asText().equals(interactionId)
                    && event.path("type").asText().equals(type)) {
                found.add(event);
            }
        }
        return found;
    }
}
