package io.rtaa.edge.websocket;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * What is counted and measured of one named endpoint.
 *
 * <p>Thread-safety: safe.
 */
final class WebsocketMeters {

    /** What a handshake is refused with; a status that is none of these counts as another. */
    private static final List<Integer> STATUSES = List.of(400, 401, 403, 426, 429, 503);

    /** How a peer was found dead. */
    enum DeadPeer {
        /** The system gave up on its host: see {@link WebsocketEndpointOptions#setTcpUserTimeout}. */
        HOST_GONE,
        /** Nothing came from it: see {@link WebsocketEndpointOptions#setPeerTimeout}. */
        SILENT
    }

    /** Events that wait for a worker thread. */
    final AtomicInteger waiting = new AtomicInteger();

    final Counter workersFull;
    final Counter opened;
    final Counter messagesReceived;
    final Counter eventsFailed;
    final Counter sendsDropped;
    final Counter slowReadersClosed;
    final Counter tooBigClosed;
    final Counter unfinishedClosed;
    final Counter idleClosed;
    final Counter failingClosed;
    final Counter expiredClosed;
    final Counter noMessageClosed;
    final Counter tooFarAheadRefused;
    private final Map<ReadingPace.Limit, Counter> slowed = new EnumMap<>(ReadingPace.Limit.class);
    private final Map<DeadPeer, Counter> deadPeers = new EnumMap<>(DeadPeer.class);
    private final Map<Integer, Counter> refused = new HashMap<>();
    private final Counter refusedOtherwise;
    private final String endpoint;
    private final MeterRegistry registry;

    /**
     * @param open how many sockets of the endpoint are open
     * @param unsent what waits to be sent to them together, bytes
     * @param unfinished what was read of all of them and is no message yet, bytes
     */
    WebsocketMeters(
            String endpoint,
            MeterRegistry registry,
            Supplier<Number> open,
            Supplier<Number> unsent,
            Supplier<Number> unfinished) {
        this.endpoint = endpoint;
        this.registry = registry;
        gauge("sockets.open", "Sockets that are open", open);
        gauge("unsent.bytes", "Bytes that wait to be sent to the sockets, with 512 for each message", unsent);
        gauge("unfinished.bytes", "Bytes that were read of the sockets and are no whole message yet", unfinished);
        gauge("worker.waiting", "Events that wait for one of the endpoint's worker threads", waiting::get);
        workersFull = counter(
                "worker.full", "Times that an event found the worker threads' queue full and waited at its socket");
        opened = counter("sockets.opened", "Sockets that were opened");
        messagesReceived = counter("messages.received", "Whole messages that came in");
        eventsFailed = counter("events.failed", "Events of sockets whose route failed");
        sendsDropped = counter("sends.dropped", "Sends to a socket that had just gone");
        slowReadersClosed = counter("slow.readers.closed", "Sockets closed with 1013, as their peer did not read");
        unfinishedClosed = counter(
                "unfinished.closed", "Sockets closed with 1008, as messages that were begun took too much memory");
        tooBigClosed = counter("too.big.closed", "Sockets closed with 1009, as a message was too big");
        idleClosed = counter("idle.closed", "Sockets closed with 1000, as their peer sent no message for too long");
        failingClosed = counter(
                "failing.closed", "Sockets closed with 1011, as their route failed on too many events in a row");
        expiredClosed = counter("expired.closed", "Sockets of viewers closed with 4401, as their tokens had expired");
        noMessageClosed = counter(
                "no.message.closed", "Sockets closed with 1008, as their peer took too long for its first message");
        tooFarAheadRefused = counter(
                "too.far.ahead.refused", "Streams that were refused, as their audio was too far ahead of the time");
        for (ReadingPace.Limit limit : ReadingPace.Limit.values()) {
            slowed.put(
                    limit,
                    counter(
                            "reading.slowed",
                            "Rests of sockets that were not read for a while, as their peer sent too much",
                            "limit",
                            limit.name().toLowerCase(Locale.ROOT)));
        }
        for (DeadPeer how : DeadPeer.values()) {
            String cause = how.name().toLowerCase(Locale.ROOT);
            deadPeers.put(how, counter("dead.peers", "Sockets whose peer was found dead", "cause", cause));
        }
        for (int status : STATUSES) {
            refused.put(status, refusals(Integer.toString(status)));
        }
        refusedOtherwise = refusals("other");
    }

    private Counter refusals(String status) {
        return counter("handshakes.refused", "Handshakes that were refused", "status", status);
    }

    private Counter counter(String what, String description, String... tags) {
        return Counter.builder("rtaa.websocket." + what)
                .description(description)
                .tag("endpoint", endpoint)
                .tags(tags)
                .register(registry);
    }

    private void gauge(String what, String description, Supplier<Number> value) {
        Gauge.builder("rtaa.websocket." + what, value)
                .description(description)
                .tag("endpoint", endpoint)
                .register(registry);
    }

    /** Connections whose peer was found dead. */
    Counter deadPeers(DeadPeer how) {
        return Objects.requireNonNull(deadPeers.get(how));
    }

    /** Rests of sockets whose peers sent too much of something. */
    Counter slowed(ReadingPace.Limit limit) {
        return Objects.requireNonNull(slowed.get(limit));
    }

    /** Handshakes that were refused with an HTTP status. */
    Counter refused(int status) {
        return refused.getOrDefault(status, refusedOtherwise);
    }
}
