package io.rtaa.edge.websocket;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Bytes that the connections of one endpoint take up together. If these become too many, it cuts connections off until
 * the others hold three quarters of what is allowed.
 *
 * <p>Thread-safety: any thread. One thread at a time cuts connections off.
 */
final class SharedBytes {

    /** How often it looks at each connection at most: the bytes of those just cut off are still to be freed. */
    private static final long LOOK_NANOS = Duration.ofMillis(1).toNanos();

    private final AtomicLong bytes = new AtomicLong();
    private final ReentrantLock looking = new ReentrantLock();

    /** Guarded by the lock, as {@link System#nanoTime()}. */
    private long lookedNanos = System.nanoTime() - LOOK_NANOS;

    /**
     * What one connection holds at one moment.
     *
     * @param rank the connection with the highest rank is cut off first
     */
    record Share(WebsocketConnection connection, long bytes, long rank) {}

    /** @param count negative for bytes that are freed */
    void add(long count) {
        bytes.addAndGet(count);
    }

    /** Those of connections that were cut off count until they are freed. */
    long get() {
        return bytes.get();
    }

    /**
     * Cuts connections off if the bytes are more than allowed; returns at once if another thread is doing so. Called for
     * each message, so that its arguments are to be constants.
     *
     * @param connections all of the endpoint
     * @param shareOf what a connection holds, and its rank
     * @param cut cuts a connection off for good; false if that was done before
     * @return how many connections it cut off
     */
    int cutAbove(
            long mostBytes,
            Collection<WebsocketConnection> connections,
            Function<WebsocketConnection, Share> shareOf,
            Predicate<WebsocketConnection> cut) {
        if (bytes.get() <= mostBytes || !looking.tryLock()) {
            return 0;
        }
        try {
            if (System.nanoTime() - lookedNanos < LOOK_NANOS) {
                return 0;
            }
            int count = 0;
            List<Share> shares = connections.stream()
                    .filter(connection -> !connection.isCutOff())
                    .map(shareOf)
                    .filter(share -> share.bytes > 0)
                    .sorted(Comparator.comparingLong(Share::rank).reversed())
                    .toList();
            long held = shares.stream().mapToLong(Share::bytes).sum();
            for (Share share : shares) {
                if (held <= mostBytes / 4 * 3) {
                    break;
                }
                held -= share.bytes;
                count += cut.test(share.connection) ? 1 : 0;
            }
            lookedNanos = System.nanoTime();
            return count;
        } finally {
            looking.unlock();
        }
    }
}
