package io.rtaa.redis;

import io.rtaa.call.AudioOrigin;
import io.rtaa.call.AudioReceipt;
import io.rtaa.call.TranscriptEvent.CallEnded;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The right to read a partition for a group, and what was read under it and is not acknowledged. It is held until it is given
 * back or somebody else is found to have it; what is written under it is refused by Redis from the moment another has taken it.
 *
 * <p>Entries are settled in any order; acknowledged is what lies below the oldest that is not.
 *
 * <p>Thread-safety: safe.
 */
final class Lease implements AudioOrigin {

    /** One entry that was read. */
    static final class Entry implements AudioReceipt {

        private final Lease lease;
        private Position position;
        private final Runnable onSettled;
        private boolean settled;

        private Entry(Lease lease, Position position, Runnable onSettled) {
            this.lease = lease;
            this.position = position;
            this.onSettled = onSettled;
        }

        Lease lease() {
            return lease;
        }

        @Override
        public void settle() {
            lease.settle(List.of(this));
        }

        @Override
        public AudioOrigin origin() {
            return lease;
        }
    }

    private final RedisBus bus;
    private final String topic;
    private final String group;
    private final int partition;
    private final String token;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private final Queue<CallEnded> over = new ConcurrentLinkedQueue<>();
    private Position settledUpTo;
    private Position acknowledged;
    private boolean acknowledging;
    private int publishing;
    private volatile boolean held = true;
    private volatile boolean fenced;

    /**
     * @param token what a write has to show
     * @param from the group's position: everything up to it is acknowledged
     */
    Lease(RedisBus bus, String topic, String group, int partition, String token, Position from) {
        this.bus = bus;
        this.topic = topic;
        this.group = group;
        this.partition = partition;
        this.token = token;
        this.settledUpTo = from;
        this.acknowledged = from;
    }

    RedisBus bus() {
        return bus;
    }

    int partition() {
        return partition;
    }

    String token() {
        return token;
    }

    String group() {
        return group;
    }

    /** Whether entries may still be handed on under it. */
    boolean isHeld() {
        return held;
    }

    /** Nothing more is handed on under it; what is under way may still be published and acknowledged. */
    void giveUp() {
        held = false;
    }

    boolean isFenced() {
        return fenced;
    }

    /** Another worker has the partition. */
    void fenced() {
        fenced = true;
        held = false;
    }

    /** An entry was read. */
    Entry read(Position position) {
        return read(position, () -> {});
    }

    /**
     * An entry was read.
     *
     * @param onSettled told once, when it is settled; from any thread, and not to wait for anything
     */
    synchronized Entry read(Position position, Runnable onSettled) {
        Entry entry = new Entry(this, position, onSettled);
        entries.addLast(entry);
        return entry;
    }

    /** Those of some receipts that are entries of this lease. */
    List<Entry> entriesAmong(Collection<AudioReceipt> receipts) {
        return receipts.stream()
                .filter(Entry.class::isInstance)
                .map(Entry.class::cast)
                .filter(entry -> entry.lease == this)
                .toList();
    }

    /** Entries need no further keeping. */
    synchronized void settle(Collection<Entry> done) {
        for (Entry entry : done) {
            if (!entry.settled) {
                entry.settled = true;
                entry.onSettled.run();
            }
        }
        while (!entries.isEmpty() && entries.getFirst().settled) {
            settledUpTo = entries.removeFirst().position;
        }
    }

    /**
     * An event is about to be published that covers some entries.
     *
     * @return what could be acknowledged together with it; null for nothing new
     */
    synchronized @Nullable Position beginPublishing(Collection<Entry> covered) {
        publishing++;
        Set<Entry> done = new HashSet<>(covered);
        Position upTo = settledUpTo;
        for (Entry entry : entries) {
            if (!entry.settled && !done.contains(entry)) {
                break;
            }
            upTo = entry.position;
        }
        return upTo.isAfter(acknowledged) ? upTo : null;
    }

    /** That is over, whatever came of it. */
    synchronized void endPublishing() {
        publishing--;
        notifyAll();
    }

    /** Waits for events that are being published, until a time of {@link System#nanoTime}. */
    synchronized void awaitPublished(long deadline) throws InterruptedException {
        long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        while (publishing > 0 && leftMillis > 0) {
            wait(leftMillis);
            leftMillis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        }
    }

    /** What is settled and was not acknowledged; null for nothing, or while an acknowledgement is under way. */
    synchronized @Nullable Position beginAcknowledging() {
        if (acknowledging || !settledUpTo.isAfter(acknowledged)) {
            return null;
        }
        acknowledging = true;
        return settledUpTo;
    }

    synchronized void endAcknowledging() {
        acknowledging = false;
    }

    /** Redis has been told, and has answered. */
    synchronized void acknowledged(Position upTo) {
        if (upTo.isAfter(acknowledged)) {
            acknowledged = upTo;
        }
    }

    synchronized Position settledUpTo() {
        return settledUpTo;
    }

    synchronized int unacknowledged() {
        return entries.size();
    }

    /** The log goes on behind a position: what was read of it before counts as read there. */
    synchronized void rewind(Position to) {
        entries.forEach(entry -> entry.position = to);
        settledUpTo = to;
        acknowledged = to;
    }

    /** The end of a stream was published. */
    void over(CallEnded end) {
        over.add(end);
    }

    /** The next end that was published; null for none. */
    @Nullable
    CallEnded nextOver() {
        return over.poll();
    }

    String log() {
        return bus.keys().log(topic, partition);
    }

    String record() {
        return bus.keys().record(topic, partition, group);
    }

    String groups() {
        return bus.keys().groups(topic, partition);
    }

    String key() {
        return bus.keys().lease(topic, partition, group);
    }

    @Override
    public String toString() {
        return "Lease[" + record() + " #" + token + (fenced ? ", fenced" : held ? "" : ", given up") + "]";
    }
}
