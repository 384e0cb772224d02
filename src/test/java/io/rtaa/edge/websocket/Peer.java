package io.rtaa.edge.websocket;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A websocket client that remembers what it was sent. */
final class Peer {

    final List<Object> received = new CopyOnWriteArrayList<>();
    final CompletableFuture<Integer> closeCode = new CompletableFuture<>();
    private final ClientWebSocket socket;

    private Peer(ClientWebSocket socket) {
        this.socket = socket;
        socket.textMessageHandler(received::add);
        socket.binaryMessageHandler(binary -> received.add(binary.getBytes()));
        socket.closeHandler(
                closed -> closeCode.complete(socket.closeStatusCode() == null ? 1006 : (int) socket.closeStatusCode()));
    }

    static Peer connect(Vertx vertx, int port, String pathAndQuery) throws Exception {
        return connect(vertx, port, pathAndQuery, Map.of());
    }

    static Peer connect(Vertx vertx, int port, String pathAndQuery, Map<String, String> headers) throws Exception {
        Peer peer = new Peer(vertx.createWebSocketClient(
                        new WebSocketClientOptions().setMaxConnections(1000).setMaxMessageSize(64 * 1024 * 1024))
                .webSocket());
        WebSocketConnectOptions options =
                new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port).setURI(pathAndQuery);
        headers.forEach(options::addHeader);
        peer.socket.connect(options).toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        return peer;
    }

    WebSocket socket() {
        return socket;
    }

    void send(String text) {
        socket.writeTextMessage(text);
    }

    void send(byte[] binary) {
        socket.writeBinaryMessage(Buffer.buffer(binary));
    }

    /** Stops reading, so that what the server sends piles up on its side. */
    void stopReading() {
        socket.pause();
    }

    int awaitClose() throws Exception {
        return closeCode.get(30, TimeUnit.SECONDS);
    }
}
