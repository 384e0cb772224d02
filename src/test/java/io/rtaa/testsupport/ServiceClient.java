package io.rtaa.testsupport;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A program that brings tokens to a running service on this machine. Thread-safe. */
public final class ServiceClient {

    private static final int FRAME_BYTES = 320;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final int port;

    /** @param port of the public listener */
    public ServiceClient(int port) {
        this.port = port;
    }

    /** A websocket that remembers what it was sent and how it was closed. */
    public static final class Socket extends TextListener {

        private final List<String> received = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Integer> closeCode = new CompletableFuture<>();
        private @Nullable WebSocket socket;

        @Override
        protected void onMessage(String message) {
            received.add(message);
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            closeCode.complete(statusCode);
            return null;
        }

        /** All messages so far. */
        public List<String> received() {
            return List.copyOf(received);
        }

        /** Completes when the service closes the socket. */
        public CompletableFuture<Integer> closeCode() {
            return closeCode;
        }

        /** Sends a message. */
        public void send(String text) {
            socket().sendText(text, true).join();
        }

        /** Sends audio in frames of 20 ms at 8 kHz. */
        public void send(byte[] pcm) {
            for (int from = 0; from < pcm.length; from += FRAME_BYTES) {
                socket().sendBinary(ByteBuffer.wrap(pcm, from, Math.min(FRAME_BYTES, pcm.length - from)), true)
                        .join();
            }
        }

        /** Cuts the connection. */
        public void abort() {
            socket().abort();
        }

        private WebSocket socket() {
            if (socket == null) {
                throw new IllegalStateException("not connected yet");
            }
            return socket;
        }
    }

    /** Opens a websocket with {@code Authorization: Bearer}; fails as the handshake does. */
    public Socket connect(String path, @Nullable String token) {
        WebSocket.Builder builder = http.newWebSocketBuilder();
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        return connect(builder, path);
    }

    /** Opens a websocket as a browser does, with the token as a subprotocol. */
    public Socket connectAsBrowser(String path, String token) {
        return connect(http.newWebSocketBuilder().subprotocols("bearer", token), path);
    }

    private Socket connect(WebSocket.Builder builder, String path) {
        Socket listener = new Socket();
        listener.socket = builder.buildAsync(address("ws", path), listener).join();
        return listener;
    }

    /** The HTTP status with which a handshake is answered; 101 for one that opens a socket, which is closed at once. */
    public int status(String path, @Nullable String token) {
        return status(() -> connect(path, token));
    }

    /** As {@link #status(String, String)}, of a handshake as a browser's. */
    public int statusAsBrowser(String path, String token) {
        return status(() -> connectAsBrowser(path, token));
    }

    private static int status(Supplier<Socket> connecting) {
        try {
            connecting.get().abort();
            return 101;
        } catch (CompletionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                return refused.getResponse().statusCode();
            }
            throw e;
        }
    }

    /** Asks for a page or an answer of the API. */
    public HttpResponse<String> get(String path, @Nullable String token) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address("http", path));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The address of a path. */
    public URI address(String scheme, String path) {
        return URI.create(scheme + "://127.0.0.1:" + port + path);
    }
}
