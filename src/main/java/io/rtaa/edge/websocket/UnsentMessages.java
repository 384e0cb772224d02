package io.rtaa.edge.websocket;

import io.netty.buffer.ByteBufUtil;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Writes to one socket and knows what of it has not left this process: it leaves as fast as the peer reads.
 *
 * <p>Thread-safety: {@link #passed} and {@link #tookNothingNanos} on the socket's event loop, all else on any thread. Who
 * writes sees to the order.
 */
final class UnsentMessages {

    /** What a message that waits takes in memory besides its bytes: buffers, promises, entries of queues. */
    private static final int BYTES_PER_MESSAGE = 512;

    private final ServerWebSocket socket;
    private final SharedBytes all;
    private final Consumer<Throwable> onFailure;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong messages = new AtomicLong();

    /** When something left this process, or the first thing came that has not, as {@link System#nanoTime()}. */
    private volatile long tookNanos = System.nanoTime();

    private long tookNanosSeen;
    private long tookNothingNanos;

    /**
     * @param all what counts the unsent bytes of all sockets of the endpoint
     * @param onFailure called with the reason when a write fails, on the event loop
     */
    UnsentMessages(ServerWebSocket socket, SharedBytes all, Consumer<Throwable> onFailure) {
        this.socket = socket;
        this.all = all;
        this.onFailure = onFailure;
    }

    /** Writes a String as text, a byte array as binary; never waits. */
    void write(Object body) {
        long length;
        Future<Void> written;
        if (body instanceof String text) {
            length = ByteBufUtil.utf8Bytes(text);
            added(length);
            written = socket.writeTextMessage(text);
        } else {
            byte[] binary = (byte[]) body;
            length = binary.length;
            added(length);
            written = socket.writeBinaryMessage(Buffer.buffer(binary));
        }
        written.onComplete(result -> written(result, length));
    }

    /** Writes a ping without a payload; never waits. */
    void ping() {
        added(0);
        socket.writePing(Buffer.buffer()).onComplete(result -> written(result, 0));
    }

    private void added(long length) {
        if (messages.getAndIncrement() == 0) {
            tookNanos = System.nanoTime();
        }
        bytes.addAndGet(length);
        all.add(length + BYTES_PER_MESSAGE);
    }

    private void written(AsyncResult<Void> result, long length) {
        tookNanos = System.nanoTime();
        messages.decrementAndGet();
        bytes.addAndGet(-length);
        all.add(-length - BYTES_PER_MESSAGE);
        if (result.failed()) {
            onFailure.accept(result.cause());
        }
    }

    boolean isEmpty() {
        return messages.get() == 0;
    }

    /** The bytes of the messages. */
    long bytes() {
        return bytes.get();
    }

    /** What waits, as {@link WebsocketEndpointOptions#setMaxUnsentBytes} counts it, bytes. */
    long bytesInMemory() {
        return bytes.get() + messages.get() * BYTES_PER_MESSAGE;
    }

    /** When something of it left this process, or the first of it came, as {@link System#nanoTime()}. */
    long tookNanos() {
        return tookNanos;
    }

    /** So much time has passed since the last call in which the process was there to write, nanoseconds. */
    void passed(long nanos) {
        long took = tookNanos;
        tookNothingNanos = !isEmpty() && took == tookNanosSeen ? tookNothingNanos + nanos : 0;
        tookNanosSeen = took;
    }

    /** For how long the peer has taken nothing of what waits for it, nanoseconds. */
    long tookNothingNanos() {
        return tookNothingNanos;
    }
}
