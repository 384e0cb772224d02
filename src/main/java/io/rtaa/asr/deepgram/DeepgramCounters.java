package io.rtaa.asr.deepgram;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * What happened on all connections of a provider since it was made, to be measured by whoever likes to.
 *
 * <p>Thread-safety: safe; a value that is read while others count may be a moment old.
 */
public final class DeepgramCounters {

    private final Map<HandshakeResult, LongAdder> handshakes = new EnumMap<>(HandshakeResult.class);
    private final LongAdder openConnections = new LongAdder();
    private final LongAdder unknownMessages = new LongAdder();
    private final LongAdder malformedMessages = new LongAdder();
    private final DeepgramMessageReader reader;
    private final KeyTrials trials;

    DeepgramCounters(DeepgramMessageReader reader, KeyTrials trials) {
        this.reader = reader;
        this.trials = trials;
        for (HandshakeResult result : HandshakeResult.values()) {
            handshakes.put(result, new LongAdder());
        }
    }

    /** Handshakes that came out so. */
    public long handshakes(HandshakeResult result) {
        return counter(result).sum();
    }

    /** Connections that are open now. */
    public long openConnections() {
        return openConnections.sum();
    }

    /** Keys, and pairs of a key and what it is used for, that Deepgram refuses now. */
    public int refusedKeys() {
        return trials.refused();
    }

    /** Messages of a type that is not known here. */
    public long unknownMessages() {
        return unknownMessages.sum();
    }

    /** Fields of known messages that no documentation names. */
    public long unknownFields() {
        return reader.unknownFieldCount();
    }

    /** Messages that could not be read. */
    public long malformedMessages() {
        return malformedMessages.sum();
    }

    void handshake(HandshakeResult result) {
        counter(result).increment();
    }

    void opened() {
        openConnections.increment();
    }

    void closed() {
        openConnections.decrement();
    }

    void unknownMessage() {
        unknownMessages.increment();
    }

    void malformedMessage() {
        malformedMessages.increment();
    }

    private LongAdder counter(HandshakeResult result) {
        return Objects.requireNonNull(handshakes.get(result));
    }
}
