package io.rtaa.edge.websocket;

/**
 * How many bytes of one peer were read and are no delivered message yet: half a frame, fragments, and frames that wait
 * as the route is busy. They are in memory, and a frame comes to the socket only once it is whole.
 *
 * <p>Thread-safety: {@link #bytes} on any thread, all else on the socket's event loop.
 */
final class UnfinishedMessages {

    /** A frame of a client has a mask; its length has no byte of its own, two, or eight (RFC 6455, 5.2). */
    private static final int SHORT_HEAD = 6;

    private static final int MIDDLE_HEAD = 8;
    private static final int LONG_HEAD = 14;
    private static final int MAX_SHORT = 125;
    private static final int MAX_MIDDLE = 0xFFFF;

    private final NamedConnections connections;
    private volatile long bytes;
    private long bytesOfMessage;

    /** @param connections what counts the unfinished bytes of all sockets of the endpoint */
    UnfinishedMessages(NamedConnections connections) {
        this.connections = connections;
    }

    long bytes() {
        return bytes;
    }

    /** So many bytes were read. */
    void read(int count) {
        add(count);
        connections.cutUnfinished();
    }

    /** A frame of a message came. */
    void frame(int payload, boolean endsMessage) {
        bytesOfMessage += onTheWire(payload);
        if (endsMessage) {
            free(bytesOfMessage);
            bytesOfMessage = 0;
        }
    }

    /** A ping, a pong or a close came, which may stand between the fragments of a message. */
    void controlFrame(int payload) {
        free(onTheWire(payload));
    }

    /** The socket is gone. */
    void clear() {
        free(bytes);
    }

    private static int onTheWire(int payload) {
        int head = payload <= MAX_SHORT ? SHORT_HEAD : payload <= MAX_MIDDLE ? MIDDLE_HEAD : LONG_HEAD;
        return head + payload;
    }

    /** What came along with the handshake was not counted. */
    private void free(long count) {
        add(-Math.min(count, bytes));
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // Only the event loop writes it.
    private void add(long count) {
        bytes += count;
        connections.unfinished().add(count);
    }
}
