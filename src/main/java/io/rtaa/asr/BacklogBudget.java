package io.rtaa.asr;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The memory that the audio of all streams may take while it is not final. Beyond it the stream with the longest backlog
 * drops its oldest audio.
 *
 * <p>Thread-safety: safe. The limit is passed by what comes in while a stream is being told to drop: a window or two.
 */
final class BacklogBudget {

    private final long maxBytes;
    private final AtomicLong total = new AtomicLong();
    private final Set<Share> shares = ConcurrentHashMap.newKeySet();

    BacklogBudget(long maxBytes) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("the limit is " + maxBytes + " bytes; allowed: 1 or more");
        }
        this.maxBytes = maxBytes;
    }

    /**
     * A stream begins.
     *
     * @param drop told, on any thread, to drop so many bytes; answers by {@link Share#dropped}
     */
    Share join(LongConsumer drop) {
        Share share = new Share(drop);
        shares.add(share);
        return share;
    }

    /** What the audio of all streams takes now. */
    long bytes() {
        return total.get();
    }

    private void relieve() {
        long excess = total.get() - maxBytes;
        if (excess <= 0) {
            return;
        }
        Share longest = longest();
        if (longest != null) {
            longest.askToDrop(excess);
        }
    }

    private @Nullable Share longest() {
        Share longest = null;
        for (Share share : shares) {
            if (longest == null || share.bytes > longest.bytes) {
                longest = share;
            }
        }
        return longest;
    }

    /** What one stream takes of it. {@link #set} and {@link #leave} are called by one task at a time. */
    final class Share {

        private final LongConsumer drop;
        private volatile long bytes;
        private final AtomicBoolean asked = new AtomicBoolean();

        private Share(LongConsumer drop) {
            this.drop = drop;
        }

        /** The stream's backlog has this length now. */
        void set(long now) {
            long change = now - bytes;
            bytes = now;
            total.addAndGet(change);
            // What frees memory need not look whether there is too little; unless it was asked to, and there still is.
            if (change > 0) {
                relieve();
            }
        }

        /** The stream did what it was asked to. */
        void dropped(long now) {
            asked.set(false);
            set(now);
            relieve();
        }

        /** The stream has no backlog any more and never will. */
        void leave() {
            shares.remove(this);
            set(0);
        }

        private void askToDrop(long excess) {
            if (asked.compareAndSet(false, true)) {
                drop.accept(excess);
            }
        }
    }
}
