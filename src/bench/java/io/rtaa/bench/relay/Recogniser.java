package io.rtaa.bench.relay;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call's websocket to the recogniser; audio that comes before it is open waits.
 *
 * <p>Thread-safety: none; used on one event loop.
 */
final class Recogniser {

    private static final String QUERY =
            "?encoding=linear16&sample_rate=8000&channels=1&model=nova-3&interim_results=true";

    private final Deque<byte[]> early = new ArrayDeque<>();
    private @Nullable WebSocket socket;
    private boolean ended;

    Recogniser(WebSocketClient client, int port, Consumer<String> results) {
        WebSocketConnectOptions service = new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI("/v1/listen" + QUERY)
                .addHeader("Authorization", "Token bench");
        client.connect(service).onSuccess(opened -> {
            socket = opened;
            opened.textMessageHandler(results::accept);
            early.forEach(this::send);
            early.clear();
            if (ended) {
                end();
            }
        });
    }

    void send(byte[] audio) {
        if (socket == null) {
            early.add(audio);
        } else {
            socket.writeBinaryMessage(Buffer.buffer(audio));
        }
    }

    /** No audio follows; what is left to say comes yet, then the recogniser closes. */
    void end() {
        ended = true;
        if (socket != null && !socket.isClosed()) {
            socket.writeTextMessage("{\"type\":\"CloseStream\"}");
        }
    }
}
