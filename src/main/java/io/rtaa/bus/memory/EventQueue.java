package io.rtaa.bus.memory;

import io.rtaa.call.TranscriptEvent;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events that wait for one reader, in order and bounded. Half of the room is for any event, the rest for events
 * that are no partials.
 *
 * <p>Thread-safety: the topic puts events in under its lock, one reader takes them, and any thread may ask how it
 * stands.
 */
final class EventQueue {

    private static final Logger LOG = LoggerFactory.getLogger(EventQueue.class);

    /** How long a reader may hold publishers back before that is a fault: sessions keep a minute of audio meanwhile. */
    private static final Duration FAULT_AFTER = Duration.ofSeconds(15);

    private final String reader;
    private final boolean wantsPartials;
    private final int size;
    private final BlockingQueue<TranscriptEvent> events;
    private final MemoryBusMeters.Reader meters;
    /** What is in the queue and what the reader has taken and is not done with. */
    private final AtomicInteger pending = new AtomicInteger();

    /** When the bus first refused an event since the reader lags; null while it does not. */
    private volatile @Nullable Long refusingSinceNanos;

    /**
     * @param reader what the reader is called in messages and metrics: the id of its route
     * @param size the most events that wait
     */
    EventQueue(String reader, int size, boolean wantsPartials, MemoryBusMeters meters) {
        this.reader = reader;
        this.size = size;
        this.wantsPartials = wantsPartials;
        this.events = new ArrayBlockingQueue<>(size);
        this.meters = meters.reader(reader, this);
    }

    /** @throws MemoryBusFullException if there is no room for an event */
    void requireRoom() {
        if (events.remainingCapacity() == 0) {
            meters.refused();
            if (refusingSinceNanos == null) {
                refusingSinceNanos = System.nanoTime();
                LOG.atWarn()
                        .addKeyValue("reader", reader)
                        .addKeyValue("waiting", size)
                        .log("A reader of transcripts is full and holds back all publishers");
            }
            throw new MemoryBusFullException("the route " + reader, size);
        }
    }

    /** Puts an event in for which there is room. */
    void add(TranscriptEvent event) {
        pending.incrementAndGet();
        events.add(event);
    }

    /** Puts a partial in where the reader wants it and keeps up. */
    void offer(TranscriptEvent partial) {
        if (!wantsPartials) {
            return;
        }
        if (events.size() < size / 2) {
            add(partial);
        } else {
            meters.dropped();
        }
    }

    /** The next event; waits for it. The reader says {@link #done()} when it needs it no longer. */
    TranscriptEvent take() throws InterruptedException {
        TranscriptEvent event = events.take();
        if (refusingSinceNanos != null && events.size() < size / 2) {
            refusingSinceNanos = null;
            LOG.atInfo().addKeyValue("reader", reader).log("The reader of transcripts has caught up");
        }
        return event;
    }

    void done() {
        pending.decrementAndGet();
    }

    /** An event was offered to the reader's route once more. */
    void retried() {
        meters.retried();
    }

    /** Events that wait or are being read. */
    int pending() {
        return pending.get();
    }

    /** The reader is gone: nothing more is measured. */
    void close() {
        meters.close();
    }

    /** Why the reader holds back the bus for so long that it is a fault; null where it does not. */
    @Nullable
    String fault() {
        Long since = refusingSinceNanos;
        if (since == null) {
            return null;
        }
        Duration held = Duration.ofNanos(System.nanoTime() - since);
        return held.compareTo(FAULT_AFTER) < 0
                ? null
                : "the route " + reader + " has held back all transcripts for " + held.toSeconds() + " s: " + size
                        + " events wait for it";
    }

    /** Whether the reader holds back the bus, in words for a person; null where it does not. */
    @Nullable
    String note() {
        return refusingSinceNanos == null
                ? null
                : "the route " + reader + " holds back all transcripts: " + pending() + " events wait for it";
    }
}
