package io.rtaa.edge.websocket;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.epoll.Epoll;
import java.time.Duration;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open connections of one named endpoint by their keys, its meters, and what waits to be sent to all of them
 * together. Thread-safety: any thread.
 */
final class NamedConnections {

    private static final Logger LOG = LoggerFactory.getLogger(NamedConnections.class);

    /** Slow readers are looked for no more often than this: that looks at each connection. */
    private static final long LOOK_NANOS = Duration.ofMillis(1).toNanos();

    /** What messages that peers have begun may take together, bytes: one reading of each of 2,000 sockets that wait. */
    private static final long MAX_UNFINISHED_BYTES = 128L << 20;

    private final ConcurrentMap<String, WebsocketConnection> byKey = new ConcurrentHashMap<>();
    private final String name;
    private final WebsocketMeters meters;
    private final AtomicBoolean warned = new AtomicBoolean();

    /** Of connections that are closing, too: their bytes stay in memory until they are cut. */
    private final AtomicLong unsentBytes = new AtomicLong();

    /** Of messages that peers have begun. */
    private final AtomicLong unfinishedBytes = new AtomicLong();

    private final AtomicLong lookedNanos = new AtomicLong(System.nanoTime() - LOOK_NANOS);
    private final AtomicLong lookedAtUnfinishedNanos = new AtomicLong(System.nanoTime() - LOOK_NANOS);

    NamedConnections(String name, MeterRegistry registry) {
        this.name = name;
        this.meters = new WebsocketMeters(name, registry, byKey::size, unsentBytes::get, unfinishedBytes::get);
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

    /** Counts what is handed to a socket, and takes off what has left this process or never will. */
    void addUnsent(long bytes) {
        unsentBytes.addAndGet(bytes);
    }

    /** Whether so much is unsent that what can wait should wait. */
    boolean isCrowded(WebsocketEndpointOptions options) {
        return unsentBytes.get() > options.getMaxUnsentBytes() / 2;
    }

    /**
     * Cuts slow readers off if more is unsent than may be, until the connections that stay open hold three quarters of
     * that. Those whose peers have taken nothing for the longest time go first. They get no time to read why: what waits
     * for them would stay in memory meanwhile.
     *
     * @param mostBytes how much may be unsent
     */
    void cutSlowReadersAbove(long mostBytes) {
        if (unsentBytes.get() <= mostBytes || !isTimeToLook(lookedNanos)) {
            return;
        }
        List<Unsent> open = byKey.values().stream()
                .map(Unsent::of)
                .filter(unsent -> unsent.bytes > 0)
                .sorted(Comparator.comparingLong(Unsent::forNanos).reversed())
                .toList();
        long held = open.stream().mapToLong(Unsent::bytes).sum();
        Iterator<Unsent> slowest = open.iterator();
        while (held > mostBytes / 4 * 3 && slowest.hasNext()) {
            Unsent next = slowest.next();
            held -= next.bytes;
            next.connection.cutSlowReader();
        }
    }

    /** Counts what was read of messages that are not whole, and takes off what has become whole or is gone. */
    void addUnfinished(long bytes) {
        unfinishedBytes.addAndGet(bytes);
    }

    /**
     * Cuts peers off if the messages that all have begun take more than {@link #MAX_UNFINISHED_BYTES}, until they take
     * three quarters of that. Those that have most go first: a peer that sends each message at once has next to nothing.
     */
    void cutUnfinished() {
        if (unfinishedBytes.get() <= MAX_UNFINISHED_BYTES || !isTimeToLook(lookedAtUnfinishedNanos)) {
            return;
        }
        List<Unfinished> begun = byKey.values().stream()
                .map(connection -> new Unfinished(connection, connection.unfinishedBytes()))
                .sorted(Comparator.comparingLong(Unfinished::bytes).reversed())
                .toList();
        long held = begun.stream().mapToLong(Unfinished::bytes).sum();
        int cut = 0;
        while (held > MAX_UNFINISHED_BYTES / 4 * 3 && cut < begun.size()) {
            Unfinished next = begun.get(cut++);
            held -= next.bytes;
            next.connection.cutUnfinished();
        }
        if (cut == 0) {
            return;
        }
        LOG.atWarn()
                .addKeyValue("endpoint", name)
                .log("Cut off {} sockets: the messages that peers have begun took {} bytes", cut, unfinishedBytes);
    }

    private static boolean isTimeToLook(AtomicLong lookedNanos) {
        long now = System.nanoTime();
        long looked = lookedNanos.get();
        return now - looked >= LOOK_NANOS && lookedNanos.compareAndSet(looked, now);
    }

    /** What a peer had begun at one moment. */
    private record Unfinished(WebsocketConnection connection, long bytes) {}

    /** What a connection had unsent at one moment, and for how long its peer had taken nothing. */
    private record Unsent(WebsocketConnection connection, long bytes, long forNanos) {
        static Unsent of(WebsocketConnection connection) {
            UnsentMessages unsent = connection.unsent();
            return new Unsent(connection, unsent.bytesInMemory(), System.nanoTime() - unsent.tookNanos());
        }
    }
}
