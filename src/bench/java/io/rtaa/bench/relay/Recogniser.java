package io.rtaa.bench.relay;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
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

    private final Deque<byte[]> early = new ArrayDeque<>();
    private @Nullable WebSocket socket;
    private boolean ended;

    Recogniser(WebSocketClient client, int port, Consumer<String> results) {
        String query = "?encoding=linear16&sample_rate=8000&channels=1&model=nova-3&interim_results=true";
        client.connect(port, "127.0.0.1", "/v1/listen" + query).onSuccess(opened -> {
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
