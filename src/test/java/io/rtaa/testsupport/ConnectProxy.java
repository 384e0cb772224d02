package io.rtaa.testsupport;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy that knows {@code CONNECT} alone; it goes with its Vert.x.
 *
 * <p>Thread-safety: safe.
 */
public final class ConnectProxy {

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Vertx vertx;
    private final @Nullable String refusal;
    private final NetServer server;

    private ConnectProxy(Vertx vertx, @Nullable String refusal) {
        this.vertx = vertx;
        this.refusal = refusal;
        this.server = vertx.createNetServer().connectHandler(this::accept);
        server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
    }

    /** One that opens every tunnel. */
    public static ConnectProxy start(Vertx vertx) {
        return new ConnectProxy(vertx, null);
    }

    /** @param refusal status code and phrase that answer every request */
    public static ConnectProxy refusing(Vertx vertx, String refusal) {
        return new ConnectProxy(vertx, refusal);
    }

    public int port() {
        return server.actualPort();
    }

    /** The heads of the requests so far. */
    public List<String> requests() {
        return requests;
    }

    private void accept(NetSocket client) {
        Buffer head = Buffer.buffer();
        client.handler(bytes -> {
            head.appendBuffer(bytes);
            String text = head.toString();
            if (text.contains("\r\n\r\n")) {
                requests.add(text);
                answer(client, text.split(" ", 3)[1]);
            }
        });
    }

    private void answer(NetSocket client, String target) {
        client.pause();
        if (refusal != null) {
            client.end(Buffer.buffer("HTTP/1.1 " + refusal + "\r\ncontent-length: 0\r\n\r\n"));
            return;
        }
        int colon = target.lastIndexOf(':');
        vertx.createNetClient()
                .connect(Integer.parseInt(target.substring(colon + 1)), target.substring(0, colon))
                .onSuccess(upstream -> {
                    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
                    upstream.pipeTo(client);
                    client.pipeTo(upstream);
                })
                .onFailure(failure -> client.end(Buffer.buffer("HTTP/1.1 502 Bad Gateway\r\n\r\n")));
    }
}
