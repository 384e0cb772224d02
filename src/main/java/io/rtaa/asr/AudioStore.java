package io.rtaa.asr;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Bytes in the order they came, dropped from the front; each is named by how many came before it. They are copied into blocks
 * that are used again and again: audio is kept for seconds, and a garbage collector that copied it from one generation to the
 * next took a tenth of all processor time.
 *
 * <p>Thread-safety: none; a session uses it from one task at a time.
 */
final class AudioStore {

    /** Half a second at 8 kHz: what a stream keeps is a few times as much. */
    static final int BLOCK_BYTES = 8 * 1024;

    /** What a final lets go of at once is taken again until the next one; what a backlog took beyond that is given back. */
    private static final int MAX_SPARES = 5;

    private final Deque<byte[]> blocks = new ArrayDeque<>();
    private final Deque<byte[]> spares = new ArrayDeque<>();

    /** Names the first byte of the first block. */
    private long origin;

    private long end;

    /** The name of the next byte to come. */
    long end() {
        return end;
    }

    /** Adds bytes, and returns the name of the first. */
    long append(byte[] bytes) {
        long first = end;
        int done = 0;
        while (done < bytes.length) {
            int at = (int) (end - origin) % BLOCK_BYTES;
            if (end - origin == (long) blocks.size() * BLOCK_BYTES) {
                byte[] spare = spares.pollLast();
                blocks.addLast(spare == null ? new byte[BLOCK_BYTES] : spare);
            }
            int count = Math.min(bytes.length - done, BLOCK_BYTES - at);
            System.arraycopy(bytes, done, blocks.getLast(), at, count);
            done += count;
            end += count;
        }
        return first;
    }

    /**
     * Copies bytes out.
     *
     * @throws IndexOutOfBoundsException if some of them were dropped or have not come
     */
    byte[] read(long from, int count) {
        if (from < origin || from + count > end) {
            throw new IndexOutOfBoundsException(
                    "bytes " + from + " to " + (from + count) + "; there are " + origin + " to " + end);
        }
        byte[] bytes = new byte[count];
        int done = 0;
        long blockFrom = origin;
        for (Iterator<byte[]> each = blocks.iterator(); done < count; blockFrom += BLOCK_BYTES) {
            byte[] block = each.next();
            int at = (int) Math.max(0, from + done - blockFrom);
            if (at < BLOCK_BYTES) {
                int piece = Math.min(count - done, BLOCK_BYTES - at);
                System.arraycopy(block, at, bytes, done, piece);
                done += piece;
            }
        }
        return bytes;
    }

    /** Forgets what is before a byte. */
    void dropBefore(long first) {
        while (!blocks.isEmpty() && first - origin >= BLOCK_BYTES) {
            byte[] free = blocks.removeFirst();
            if (spares.size() < MAX_SPARES) {
                spares.addLast(free);
            }
            origin += BLOCK_BYTES;
        }
    }
}
