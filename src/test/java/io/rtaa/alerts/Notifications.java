package io.rtaa.alerts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the Alertmanager posts to its webhook: which alerts fire, and since when.
 *
 * <p>Thread-safety: safe.
 */
final class Notifications implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final Map<String, History> alerts = new HashMap<>();

    /** What came of one alert, whatever its labels. */
    private static final class History {
        private final Set<String> firing = new HashSet<>();
        private long beganNanos;
        private long endedNanos;
    }

    Notifications() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::take);
        server.start();
    }

    /** Where they are to be posted. */
    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/alerts");
    }

    private void take(HttpExchange request) throws IOException {
        try (request) {
            JsonNode posted = JSON.readTree(request.getRequestBody());
            posted.path("alerts").forEach(this::note);
            request.sendResponseHeaders(200, -1);
        }
    }

    private synchronized void note(JsonNode alert) {
        History history = alerts.computeIfAbsent(alert.at("/labels/alertname").asText(), name -> new History());
        boolean wasFiring = !history.firing.isEmpty();
        String fingerprint = alert.path("fingerprint").asText();
        if (alert.path("status").asText().equals("firing")) {
            history.firing.add(fingerprint);
        } else {
            history.firing.remove(fingerprint);
        }
        boolean isFiring = !history.firing.isEmpty();
        if (isFiring && !wasFiring) {
            history.beganNanos = System.nanoTime();
        } else if (!isFiring && wasFiring) {
            history.endedNanos = System.nanoTime();
        }
    }

    synchronized boolean isFiring(String alert) {
        History history = alerts.get(alert);
        return history != null && !history.firing.isEmpty();
    }

    /** When it began to fire the last time, by {@link System#nanoTime}; it has to have fired. */
    synchronized long beganNanos(String alert) {
        return fired(alert).beganNanos;
    }

    /** When it was resolved the last time, by {@link System#nanoTime}; it has to have fired. */
    synchronized long endedNanos(String alert) {
        return fired(alert).endedNanos;
    }

    private History fired(String alert) {
        History history = alerts.get(alert);
        if (history == null) {
            throw new IllegalStateException(alert + " has not fired");
        }
        return history;
    }

    /** All that ever fired. */
    synchronized Set<String> fired() {
        return new TreeSet<>(alerts.keySet());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
