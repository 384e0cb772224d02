package io.rtaa.testsupport;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * A reverse proxy in front of a service: it changes the head of each request by rules that can change under way, and
 * passes on the rest as it is, websockets too. It goes with its Vert.x.
 *
 * <p>Thread-safety: safe.
 */
public final class ReverseProxy {

    /**
     * What the proxy does with a request.
     *
     * @param path gives the path that the service gets for one that the browser asked for; empty for one that is not
     *     passed on, and answered with 404
     * @param headers headers the service gets, in place of the browser's of the same name
     * @param upgrades whether a websocket handshake arrives as one
     */
    public record Rules(UnaryOperator<String> path, Map<String, String> headers, boolean upgrades) {

        /** All paths as they are, the {@code Host} changed as nginx does unless it is told otherwise. */
        public static Rules to(int port) {
            return new Rules(path -> path, Map.of("Host", "127.0.0.1:" + port), true);
        }

        /** As these, and with a header more. */
        public Rules with(String name, String value) {
            Map<String, String> more = new HashMap<>(headers);
            more.put(name, value);
            return new Rules(path, Map.copyOf(more), upgrades);
        }

        public Rules withPath(UnaryOperator<String> other) {
            return new Rules(other, headers, upgrades);
        }

        public Rules withoutUpgrades() {
            return new Rules(path, headers, false);
        }
    }

    private static final String END_OF_HEAD = "\r\n\r\n";

    private final Vertx vertx;
    private final NetServer server;
    private final List<String> paths = new CopyOnWriteArrayList<>();
    private volatile int servicePort;
    private volatile Rules rules = Rules.to(0);

    private ReverseProxy(Vertx vertx) {
        this.vertx = vertx;
        this.server = vertx.createNetServer().connectHandler(this::accept);
        server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
    }

    public static ReverseProxy start(Vertx vertx) {
        return new ReverseProxy(vertx);
    }

    public int port() {
        return server.actualPort();
    }

    /** Passes on to another service from now, by other rules. */
    public void passTo(int port, Rules by) {
        servicePort = port;
        rules = by;
        paths.clear();
    }

    /** What browsers asked for since the last {@link #passTo}. */
    public List<String> paths() {
        return paths;
    }

    private void accept(NetSocket client) {
        Buffer start = Buffer.buffer();
        client.handler(bytes -> {
            start.appendBuffer(bytes);
            String text = start.toString(StandardCharsets.ISO_8859_1);
            int end = text.indexOf(END_OF_HEAD);
            if (end >= 0) {
                client.pause();
                client.handler(null);
                pass(client, text.substring(0, end), start.slice(end + END_OF_HEAD.length(), start.length()));
            }
        });
    }

    private void pass(NetSocket client, String head, Buffer rest) {
        Rules now = rules;
        String[] lines = head.split("\r\n", -1);
        String[] request = lines[0].split(" ", 3);
        paths.add(request[1]);
        String path = now.path().apply(request[1]);
        if (path.isEmpty()) {
            client.end(Buffer.buffer("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close" + END_OF_HEAD));
            return;
        }
        boolean upgrade = now.upgrades() && head.toLowerCase(Locale.ROOT).contains("\nupgrade: websocket");
        StringBuilder changed = new StringBuilder(request[0] + " " + path + " " + request[2]);
        for (int i = 1; i < lines.length; i++) {
            String name = lines[i].substring(0, lines[i].indexOf(':'));
            boolean hopByHop = name.equalsIgnoreCase("Connection") || name.equalsIgnoreCase("Upgrade");
            if (now.headers().keySet().stream().noneMatch(name::equalsIgnoreCase) && (upgrade || !hopByHop)) {
                changed.append("\r\n").append(lines[i]);
            }
        }
        now.headers().forEach((name, value) -> changed.append("\r\n" + name + ": " + value));
        if (!upgrade) {
            // One request a connection: so each has a head to change.
            changed.append("\r\nConnection: close");
        }
        Buffer first = Buffer.buffer(changed + END_OF_HEAD, "ISO-8859-1").appendBuffer(rest);
        vertx.createNetClient()
                .connect(servicePort, "127.0.0.1")
                .onSuccess(service -> {
                    service.write(first);
                    service.pipeTo(client);
                    client.pipeTo(service);
                })
                .onFailure(failure -> client.end(Buffer.buffer(
                        "HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close" + END_OF_HEAD)));
    }
}
