package io.rtaa.edge.websocket;

/**
 * How long the peer of one socket has been silent, in time in which the server would have heard it.
 *
 * <p>Thread-safety: none; it belongs to the socket's event loop.
 */
final class PeerSilence {

    private boolean heard;
    private boolean spoke;
    private boolean heldBack;
    private long nothingNanos;
    private long noMessageNanos;

    /** Bytes came in: part of a frame is enough, a pong too. */
    void heard() {
        heard = true;
    }

    /** A frame came that is no pong. */
    void spoke() {
        spoke = true;
    }

    /** The server does not read the socket for a while. */
    void heldBack() {
        heldBack = true;
    }

    /**
     * Time has passed since the last call.
     *
     * @param nanos how much of it the process was there to read, nanoseconds
     * @param paused whether the socket is not read now
     * @param unsent whether something waits to be sent to the peer
     */
    void passed(long nanos, boolean paused, boolean unsent) {
        boolean read = !heldBack && !paused;
        if (heard) {
            nothingNanos = 0;
        } else if (read && !unsent) {
            nothingNanos += nanos;
        }
        if (spoke) {
            noMessageNanos = 0;
        } else if (read) {
            noMessageNanos += nanos;
        }
        heard = false;
        spoke = false;
        heldBack = false;
    }

    /** How long nothing at all came while the server read the socket and had nothing unsent, nanoseconds. */
    long nothingNanos() {
        return nothingNanos;
    }

    /** How long no frame but pongs came while the server read the socket, nanoseconds. */
    long noMessageNanos() {
        return noMessageNanos;
    }
}
