package io.rtaa.edge.websocket;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.epoll.Epoll;
import io.rtaa.edge.websocket.SharedBytes.Share;
import io.rtaa.routes.LogThrottle;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The open connections of one named endpoint by their keys, its meters, and what waits to be sent to all of them
 * together. Thread-safety: any thread.
 */
final class NamedConnections {

    private static final Logger LOG = LoggerFactory.getLogger(NamedConnections.class);

    /** What messages that peers have begun may take together, bytes: one reading of each of 2,000 sockets that wait. */
    private static final long MAX_UNFINISHED_BYTES = 128L << 20;

    private final ConcurrentMap<String, WebsocketConnection> byKey = new ConcurrentHashMap<>();
    private final String name;
    private final WebsocketMeters meters;
    private final AtomicBoolean warned = new AtomicBoolean();

    private final SharedBytes unsent = new SharedBytes();
    private final SharedBytes unfinished = new SharedBytes();
    private final LogThrottle cutLog = new LogThrottle();

    NamedConnections(String name, MeterRegistry registry) {
        this.name = name;
        this.meters = new WebsocketMeters(name, registry, byKey::size, unsent::get, unfinished::get);
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

    /** What is handed to sockets and has not left this process. */
    SharedBytes unsent() {
        return unsent;
    }

    /** What was read of messages that are not whole. */
    SharedBytes unfinished() {
        return unfinished;
    }

    /** Whether so much is unsent that what can wait should wait. */
    boolean isCrowded(WebsocketEndpointOptions options) {
        return unsent.get() > options.getMaxUnsentBytes() / 2;
    }

    /**
     * Cuts slow readers off if more is unsent than may be. Those whose peers have taken nothing for the longest time go
     * first. They get no time to read why: what waits for them would stay in memory meanwhile.
     *
     * @param mostBytes how much may be unsent
     */
    void cutSlowReadersAbove(long mostBytes) {
        unsent.cutAbove(
                mostBytes,
                byKey.values(),
                connection -> new Share(
                        connection,
                        connection.unsent().bytesInMemory(),
                        System.nanoTime() - connection.unsent().tookNanos()),
                WebsocketConnection::cutSlowReader);
    }

    /**
     * Cuts peers off if the messages that all have begun take more than {@link #MAX_UNFINISHED_BYTES}. Those that have
     * most go first: a peer that sends each message at once has next to nothing.
     */
    void cutUnfinished() {
        int cut = unfinished.cutAbove(
                MAX_UNFINISHED_BYTES,
                byKey.values(),
                connection -> new Share(connection, connection.unfinishedBytes(), connection.unfinishedBytes()),
                WebsocketConnection::cutUnfinished);
        if (cut > 0) {
            cutLog.atLevel(LOG, Level.WARN)
                    .addKeyValue("endpoint", name)
                    .log(
                            "Cut off {} sockets: messages that peers had begun took more than {} bytes",
                            cut,
                            MAX_UNFINISHED_BYTES);
        }
    }
}
