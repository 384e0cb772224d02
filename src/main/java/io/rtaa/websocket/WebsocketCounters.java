package io.rtaa.websocket;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What happened on one named endpoint since the process started. Thread-safety: read and counted from any thread; the
 * figures are each right but not of one instant.
 */
public final class WebsocketCounters {

    private final LongAdder opened = new LongAdder();
    private final LongAdder closed = new LongAdder();
    private final LongAdder messagesIn = new LongAdder();
    private final LongAdder droppedSends = new LongAdder();
    private final LongAdder slowReadersClosed = new LongAdder();
    private final LongAdder tooBigClosed = new LongAdder();
    private final LongAdder failedExchanges = new LongAdder();
    private final LongAdder waiting = new LongAdder();
    private final LongAdder workersFull = new LongAdder();
    private final LongAdder failingClosed = new LongAdder();
    private final LongAdder idleClosed = new LongAdder();
    private final Map<DeadPeer, LongAdder> deadPeers = new EnumMap<>(DeadPeer.class);
    private final Map<Integer, LongAdder> refused = new ConcurrentHashMap<>();

    /** How a peer was found dead. */
    public enum DeadPeer {
        /** The system gave up on its host: see {@link WebsocketEndpointOptions#setTcpUserTimeout}. */
        HOST_GONE,
        /** Nothing came from it: see {@link WebsocketEndpointOptions#setPeerTimeout}. */
        SILENT
    }

    WebsocketCounters() {
        for (DeadPeer how : DeadPeer.values()) {
            deadPeers.put(how, new LongAdder());
        }
    }

    /** Connections that are open now. */
    public long openConnections() {
        return opened.sum() - closed.sum();
    }

    /** Connections that were opened. */
    public long opened() {
        return opened.sum();
    }

    /** Whole messages that came in. */
    public long messagesIn() {
        return messagesIn.sum();
    }

    /** Sends to a connection that was not there, mostly because its peer had just left. */
    public long droppedSends() {
        return droppedSends.sum();
    }

    /** Connections closed with 1013 because their peer did not read what was sent. */
    public long slowReadersClosed() {
        return slowReadersClosed.sum();
    }

    /** Connections closed with 1009 because a message was too big. */
    public long tooBigClosed() {
        return tooBigClosed.sum();
    }

    /** Events whose route failed. */
    public long failedExchanges() {
        return failedExchanges.sum();
    }

    /** Events that wait for a worker thread now. */
    public long waiting() {
        return waiting.sum();
    }

    /** Times that an event found no room in the worker threads' queue, and waited at its socket. */
    public long workersFull() {
        return workersFull.sum();
    }

    /** Connections closed with 1011 because their route failed on too many events in a row. */
    public long failingClosed() {
        return failingClosed.sum();
    }

    /** Connections closed with 1000 because their peer sent no message for too long. */
    public long idleClosed() {
        return idleClosed.sum();
    }

    /** Connections whose peer was found dead. */
    public long deadPeers(DeadPeer how) {
        return adder(how).sum();
    }

    private LongAdder adder(DeadPeer how) {
        return Objects.requireNonNull(deadPeers.get(how));
    }

    /** Handshakes that were refused, by HTTP status; a copy. */
    public Map<Integer, Long> refused() {
        Map<Integer, Long> copy = new TreeMap<>();
        refused.forEach((status, count) -> copy.put(status, count.sum()));
        return copy;
    }

    void countOpened() {
        opened.increment();
    }

    void countClosed() {
        closed.increment();
    }

    void countMessageIn() {
        messagesIn.increment();
    }

    void countDroppedSend() {
        droppedSends.increment();
    }

    void countSlowReader() {
        slowReadersClosed.increment();
    }

    void countTooBig() {
        tooBigClosed.increment();
    }

    void countFailedExchange() {
        failedExchanges.increment();
    }

    void countWaiting(int more) {
        waiting.add(more);
    }

    void countWorkersFull() {
        workersFull.increment();
    }

    void countFailingClosed() {
        failingClosed.increment();
    }

    void countIdleClosed() {
        idleClosed.increment();
    }

    void countDeadPeer(DeadPeer how) {
        adder(how).increment();
    }

    void countRefused(int status) {
        refused.computeIfAbsent(status, any -> new LongAdder()).increment();
    }
}
