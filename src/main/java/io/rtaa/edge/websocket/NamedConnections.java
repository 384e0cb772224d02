package io.rtaa.edge.websocket;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.epoll.Epoll;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open connections of one named endpoint by their keys, and its meters. Thread-safety: any thread. */
final class NamedConnections {

    private final ConcurrentMap<String, WebsocketConnection> byKey = new ConcurrentHashMap<>();
    private static final Logger LOG = LoggerFactory.getLogger(NamedConnections.class);

    private final String name;
    private final WebsocketMeters meters;
    private final AtomicBoolean warned = new AtomicBoolean();

    NamedConnections(String name, MeterRegistry registry) {
        this.name = name;
        this.meters = new WebsocketMeters(name, registry, byKey::size);
    }

    WebsocketMeters meters() {
        return meters;
    }

    /** Says, once, that the transport cannot do what {@link WebsocketEndpointOptions#setTcpUserTimeout} asks for. */
    void warnOfMissingTcpUserTimeout() {
        if (warned.compareAndSet(false, true)) {
            Throwable cause = Epoll.unavailabilityCause();
            LOG.atWarn()
                    .addKeyValue("endpoint", name)
                    .log(
                            "TCP_USER_TIMEOUT is not available without Netty's epoll transport ({}): a peer whose host is cut off is"
                                    + " found by peerTimeout or idleTimeout only",
                            cause == null ? "the listener does not use it" : cause.getMessage());
        }
    }

    @Nullable
    WebsocketConnection find(String key) {
        return byKey.get(key);
    }

    void add(WebsocketConnection connection) {
        byKey.put(connection.key(), connection);
        meters.opened.increment();
    }

    /** Does nothing if the connection was removed before. */
    void remove(WebsocketConnection connection) {
        byKey.remove(connection.key(), connection);
    }
}
