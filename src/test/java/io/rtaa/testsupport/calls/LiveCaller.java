package io.rtaa.testsupport.calls;

import io.rtaa.testsupport.deepgram.SpokenAudio;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;

/**
 * A caller over plain PCM who speaks in real time until a test has seen enough, for ten minutes at most.
 *
 * <p>Thread-safety: one thread at a time.
 */
public final class LiveCaller implements AutoCloseable {

    private static final int RATE = 8000;
    private static final int FRAME_MILLIS = 100;
    private static final int FRAME_BYTES = RATE * FRAME_MILLIS / 1000 * 2;
    private static final int WORDS = 900;

    private final Vertx vertx;
    private final WebSocket socket;
    private final long timer;

    private LiveCaller(Vertx vertx, WebSocket socket) {
        this.vertx = vertx;
        this.socket = socket;
        byte[] pcm = SpokenAudio.speak(RATE, 1, WORDS, 1).pcm();
        int[] sent = {0};
        timer = vertx.setPeriodic(FRAME_MILLIS, tick -> {
            if (sent[0] + FRAME_BYTES <= pcm.length) {
                socket.writeBinaryMessage(Buffer.buffer(FRAME_BYTES).appendBytes(pcm, sent[0], FRAME_BYTES));
                sent[0] += FRAME_BYTES;
            }
        });
    }

    /** Connects with an id of the request, and begins to speak. */
    public static LiveCaller call(Vertx vertx, URI address, String interactionId, String requestId) {
        WebSocket socket = vertx.createWebSocketClient()
                .connect(new WebSocketConnectOptions()
                        .setAbsoluteURI(address.toString())
                        .putHeader("X-Request-Id", requestId))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        socket.writeTextMessage("{\"event\":\"start\",\"interaction_id\":\"" + interactionId
                + "\",\"tenant_id\":\"acme\",\"sample_rate\":" + RATE + ",\"encoding\":\"pcm16\"}");
        return new LiveCaller(vertx, socket);
    }

    /** Says no more, and that the call is over. */
    public void hangUp() {
        vertx.cancelTimer(timer);
        socket.writeTextMessage("{\"event\":\"stop\"}");
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
        socket.close();
    }
}
