package io.rtaa.websocket;

import java.util.Map;
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
    private final Map<Integer, LongAdder> refused = new ConcurrentHashMap<>();

    WebsocketCounters() {}

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

    void countRefused(int status) {
        refused.computeIfAbsent(status, any -> new LongAdder()).increment();
    }
}
