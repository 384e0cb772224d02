package io.rtaa.testsupport.calls;

import io.rtaa.call.TranscriptEvent;
import io.rtaa.testsupport.TextListener;
import io.rtaa.wire.TranscriptReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reads the dashboard's events as the page does: connects again for as long as it takes when the connection goes, and drops
 * what it has.
 *
 * <p>Thread-safety: safe.
 */
public final class Transcripts implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final int AGAIN_AFTER_MILLIS = 250;

    private final URI address;
    private final @Nullable String token;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final Map<String, Transcript> calls = new ConcurrentHashMap<>();
    private final CountDownLatch connected = new CountDownLatch(1);
    private final AtomicInteger connections = new AtomicInteger();
    private volatile @Nullable WebSocket socket;

    /** @param address {@code ws://…/v1/transcripts} */
    public Transcripts(URI address) throws InterruptedException {
        this(address, null);
    }

    /** @param token the reader's; null for none */
    public Transcripts(URI address, @Nullable String token) throws InterruptedException {
        this.address = address;
        this.token = token;
        connect();
        if (!connected.await(CONNECT_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the dashboard does not let its reader in");
        }
    }

    /** What came of a call so far. */
    public Transcript of(String interactionId) {
        return calls.computeIfAbsent(interactionId, id -> new Transcript());
    }

    /** How often a connection came about. */
    public int connections() {
        return connections.get();
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
        WebSocket open = socket;
        if (open != null) {
            open.abort();
        }
    }

    private void connect() {
        WebSocket.Builder builder = client.newWebSocketBuilder().connectTimeout(CONNECT_TIMEOUT);
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        var unused = builder.buildAsync(address, new Listener()).whenComplete((open, failure) -> {
            if (failure == null) {
                socket = open;
                connections.incrementAndGet();
                connected.countDown();
            } else {
                connectAgain();
            }
        });
    }

    private void connectAgain() {
        if (!scheduler.isShutdown()) {
            var unused = scheduler.schedule(this::connect, AGAIN_AFTER_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private final class Listener extends TextListener {
        @Override
        protected void onMessage(String message) {
            TranscriptEvent event = TranscriptReader.read(message.getBytes(StandardCharsets.UTF_8));
            if (event != null) {
                of(event.interactionId()).add(event, System.currentTimeMillis());
            }
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
            connectAgain();
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            connectAgain();
        }
    }
}
