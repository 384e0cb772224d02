package io.rtaa.edge.websocket;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Judges from time to time whether the peer of one socket is dead, idle or a slow reader, by the times that its endpoint
 * allows.
 *
 * <p>Thread-safety: none; it belongs to the socket's event loop.
 */
final class PeerWatch {

    /** How long a peer may take nothing of what waits for it while its endpoint has much unsent. */
    private static final Duration CROWDED_SEND_TIMEOUT = Duration.ofSeconds(2);

    /** What a look at a peer found. */
    enum Finding {
        ALIVE,
        /** Nothing came for too long, no pong either. */
        DEAD,
        /** No message ever came. */
        WITHOUT_FIRST_MESSAGE,
        /** No message came for too long. */
        IDLE,
        /** It takes nothing of what waits for it. */
        SLOW_READER,
        /** It is time for a ping. */
        PING_DUE
    }

    private final WebsocketEndpointOptions options;
    private final UnsentMessages unsent;
    private final BooleanSupplier crowded;
    private final PeerSilence silence = new PeerSilence();
    private boolean messageCame;
    private long withoutMessageNanos;
    private long pingedNanos = System.nanoTime();

    /** @param crowded whether so much is unsent to all peers of the endpoint that slow ones have less time */
    PeerWatch(WebsocketEndpointOptions options, UnsentMessages unsent, BooleanSupplier crowded) {
        this.options = options;
        this.unsent = unsent;
        this.crowded = crowded;
    }

    /** Bytes came in: part of a frame is enough, a pong too. */
    void bytesCame() {
        silence.heard();
    }

    /** A frame came that is no pong. */
    void frameCame() {
        silence.spoke();
    }

    /** A whole message came. */
    void messageCame() {
        messageCame = true;
    }

    /** The server does not read the socket for a while. */
    void heldBack() {
        silence.heldBack();
    }

    /**
     * @param nowNanos as {@link System#nanoTime()}
     * @param passedNanos the time since the last look in which the process was there to read, nanoseconds
     * @param paused whether the socket is not read now
     */
    Finding look(long nowNanos, long passedNanos, boolean paused) {
        silence.passed(passedNanos, paused, !unsent.isEmpty());
        unsent.passed(passedNanos);
        if (!paused) {
            withoutMessageNanos += passedNanos;
        }
        if (isOver(options.getPeerTimeout(), silence.nothingNanos())) {
            return Finding.DEAD;
        }
        if (!messageCame && isOver(options.getFirstMessageTimeout(), withoutMessageNanos)) {
            return Finding.WITHOUT_FIRST_MESSAGE;
        }
        if (isOver(options.getIdleTimeout(), silence.noMessageNanos())) {
            return Finding.IDLE;
        }
        if (isOver(options.getSendTimeout(), unsent.tookNothingNanos())
                || (isOver(CROWDED_SEND_TIMEOUT, unsent.tookNothingNanos()) && crowded.getAsBoolean())) {
            return Finding.SLOW_READER;
        }
        if (unsent.isEmpty() && isOver(options.getPingInterval(), nowNanos - pingedNanos)) {
            pingedNanos = nowNanos;
            return Finding.PING_DUE;
        }
        return Finding.ALIVE;
    }

    private static boolean isOver(Duration time, long passedNanos) {
        return !time.isZero() && passedNanos >= time.toNanos();
    }
}
