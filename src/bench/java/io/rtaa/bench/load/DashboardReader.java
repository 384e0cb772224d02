package io.rtaa.bench.load;

import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One socket that reads every event of one system, from before the first call to after the last.
 *
 * <p>Thread-safety: safe.
 */
final class DashboardReader {

    private static final int MOST_MESSAGE_BYTES = 16 * 1024 * 1024;
    private static final int CONNECT_SECONDS = 30;

    private final Arrivals arrivals = new Arrivals();
    private volatile @Nullable String fault;

    private DashboardReader() {}

    /** Connects and waits for the handshake. */
    static DashboardReader watch(Vertx vertx, URI address) throws Exception {
        DashboardReader reader = new DashboardReader();
        WebSocketClient client = vertx.createWebSocketClient(
                new WebSocketClientOptions().setMaxFrameSize(MOST_MESSAGE_BYTES).setMaxMessageSize(MOST_MESSAGE_BYTES));
        client.connect(new WebSocketConnectOptions()
                        .setHost(address.getHost())
                        .setPort(address.getPort())
                        .setURI(address.getPath()))
                .onSuccess(socket -> {
                    socket.textMessageHandler(reader::onMessage);
                    socket.closeHandler(ignored -> reader.fault = "the dashboard's socket closed with "
                            + socket.closeStatusCode() + " " + socket.closeReason());
                })
                .toCompletionStage()
                .toCompletableFuture()
                .get(CONNECT_SECONDS, TimeUnit.SECONDS);
        return reader;
    }

    Arrivals arrivals() {
        return arrivals;
    }

    /** Why nothing more comes, or what came that should not; null where all is well. */
    @Nullable
    String fault() {
        return fault;
    }

    private void onMessage(String message) {
        long now = System.nanoTime();
        try {
            String text = FinalText.of(message);
            if (text != null && !text.isEmpty()) {
                arrivals.take(text, now);
            }
        } catch (IOException | IllegalArgumentException e) {
            fault = "a message that is not understood: " + e.getMessage();
        }
    }
}
