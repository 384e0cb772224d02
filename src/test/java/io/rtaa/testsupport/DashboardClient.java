package io.rtaa.testsupport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Reads transcript events as a browser does. Thread-safe. */
public final class DashboardClient implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<JsonNode> events = new CopyOnWriteArrayList<>();
    private final WebSocket socket;

    /** Connects to {@code ws://…/v1/transcripts} and waits for the handshake. */
    public DashboardClient(URI address) {
        this(address, HttpClient.newHttpClient());
    }

    /** The same to {@code wss://…} by a client that trusts the server. */
    public DashboardClient(URI address, HttpClient client) {
        socket =
                client.newWebSocketBuilder().buildAsync(address, new Listener()).join();
    }

    /** All events so far, in the order they came. */
    public List<JsonNode> events() {
        return List.copyOf(events);
    }

    /** The events of one call so far. */
    public List<JsonNode> events(String interactionId) {
        return events.stream()
                .filter(event ->
                        interactionId.equals(event.path("interaction_id").asText()))
                .toList();
    }

    /** The texts of a call's finals so far, joined. */
    public String transcript(String interactionId) {
        return String.join(
                " ",
                events(interactionId).stream()
                        .filter(event -> "final".equals(event.path("type").asText()))
                        .map(event -> event.path("text").asText())
                        .filter(text -> !text.isEmpty())
                        .toList());
    }

    public boolean hasEnded(String interactionId) {
        return events(interactionId).stream()
                .anyMatch(event -> "call_ended".equals(event.path("type").asText()));
    }

    @Override
    public void close() {
        socket.abort();
    }

    private final class Listener extends TextListener {
        @Override
        protected void onMessage(String message) {
            try {
                events.add(JSON.readTree(message));
            } catch (JsonProcessingException e) {
                throw new UncheckedIOException("an event is no JSON: " + message, e);
            }
        }
    }
}
