package io.rtaa.kafka;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Which records of a partition are settled, and so up to where it may be committed: to the lowest one that is not. Bounded
 * by the audio that sessions keep.
 *
 * <p>Thread-safety: safe; records are handed out by one thread, in order, and settled by any.
 */
final class OffsetLedger {

    /** A record that was handed out. */
    static final class Entry {
        private final long offset;
        private final long publishedMillis;
        private boolean settled;

        private Entry(long offset, long publishedMillis) {
            this.offset = offset;
            this.publishedMillis = publishedMillis;
        }
    }

    private final Deque<Entry> open = new ArrayDeque<>();
    private long next = BusHeaders.NONE;

    /**
     * Notes a record that is handed out.
     *
     * @param offset above all before
     * @param publishedMillis when it was published, epoch milliseconds
     */
    synchronized Entry handOut(long offset, long publishedMillis) {
        if (offset < next) {
            throw new IllegalArgumentException("offset " + offset + " after " + (next - 1) + "; allowed: rising ones");
        }
        Entry entry = new Entry(offset, publishedMillis);
        open.addLast(entry);
        next = offset + 1;
        return entry;
    }

    /** A record needs no further keeping; false where that was said before. */
    synchronized boolean settle(Entry entry) {
        if (entry.settled) {
            return false;
        }
        entry.settled = true;
        while (!open.isEmpty() && open.getFirst().settled) {
            open.removeFirst();
        }
        return true;
    }

    /** Every record below this offset is settled; never falls. {@link BusHeaders#NONE} while none was handed out. */
    synchronized long watermark() {
        return open.isEmpty() ? next : open.getFirst().offset;
    }

    /** When the oldest record was published that is not settled, epoch milliseconds; null where all are settled. */
    synchronized @Nullable Long oldestMillis() {
        return open.isEmpty() ? null : open.getFirst().publishedMillis;
    }

    /** Records handed out at or above the watermark. */
    synchronized int unsettled() {
        return open.size();
    }
}
