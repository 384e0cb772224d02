package io.rtaa;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A socket of Exotel's, or of somebody who has taken its URL. */
final class ExotelSocket implements WebSocket.Listener {

    /** Code and reason of its close. */
    final CompletableFuture<String> closed = new CompletableFuture<>();

    private final WebSocket socket;

    ExotelSocket(HttpClient http, URI url) {
        socket = http.newWebSocketBuilder().buildAsync(url, this).join();
    }

    ExotelSocket sends(String... messages) {
        for (String message : messages) {
            socket.sendText(message, true).join();
        }
        return this;
    }

    void abort() {
        socket.abort();
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int statusCode, String reason) {
        closed.complete(statusCode + " " + reason);
        return null;
    }

    static String start(String id, String callSid) {
        return "{\"event\":\"start\",\"stream_sid\":\"" + id + "\",\"start\":{\"stream_sid\":\"" + id
                + "\",\"account_sid\":\"theirs\",\"call_sid\":\"" + callSid + "\"}}";
    }

    static String media() {
        return "{\"event\":\"media\",\"media\":{\"payload\":\""
                + Base64.getEncoder().encodeToString(new byte[1600]) + "\"}}";
    }
}
