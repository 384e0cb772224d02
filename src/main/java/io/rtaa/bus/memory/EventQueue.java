package io.rtaa.bus.memory;

import io.micrometer.core.instrument.Counter;
import io.rtaa.bus.BusMeters;
import io.rtaa.bus.BusMeters.Cause;
import io.rtaa.bus.BusMeters.Doing;
import io.rtaa.bus.ReaderMeters;
import io.rtaa.bus.Topic;
import io.rtaa.call.TranscriptEvent;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
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

    private record Waiting(TranscriptEvent event, long sinceNanos) {}

    private final String reader;
    private final boolean wantsPartials;
    private final int size;
    private final BlockingQueue<Waiting> events;
    private final ReaderMeters meters;
    private final ReaderMeters partials;
    private final Counter consumed;
    private final Counter consumedPartials;
    private final Counter dropped;
    private final Counter retries;
    private final Counter refusals;
    /** What the reader has taken and is not done with; null where it waits. */
    private volatile @Nullable Waiting taken;
    /** What is in the queue and what the reader has taken and is not done with. */
    private final AtomicInteger pending = new AtomicInteger();
    /** Those of them that are partials. */
    private final AtomicInteger pendingPartials = new AtomicInteger();

    /** When the bus first refused an event since the reader lags; null while it does not. */
    private volatile @Nullable Long refusingSinceNanos;

    /**
     * @param reader what the reader is called in messages: the id of its route
     * @param group what it is called in metrics
     * @param size the most events that wait
     */
    EventQueue(String reader, String group, int size, boolean wantsPartials, BusMeters bus) {
        this.reader = reader;
        this.size = size;
        this.wantsPartials = wantsPartials;
        this.events = new ArrayBlockingQueue<>(size);
        partials = bus.reader(Topic.PARTIALS, group);
        meters = bus.reader(Topic.TRANSCRIPTS, group);
        consumed = meters.consumed();
        consumedPartials = partials.consumed();
        dropped = partials.dropped();
        retries = meters.retries();
        refusals = bus.errors(Topic.TRANSCRIPTS, Doing.PUBLISH, Cause.FULL);
        meters.lagEntries(this, queue -> queue.pending() - queue.pendingPartials.get());
        if (wantsPartials) {
            partials.lagEntries(this, queue -> queue.pendingPartials.get());
        }
        meters.lag(this, EventQueue::lagMillis);
    }

    /** @throws MemoryBusFullException if there is no room for an event */
    void requireRoom() {
        if (events.remainingCapacity() == 0) {
            refusals.increment();
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
        events.add(new Waiting(event, System.nanoTime()));
    }

    /** Puts a partial, or another event for those who read along, in where the reader wants it and keeps up. */
    void offer(TranscriptEvent partial) {
        if (!wantsPartials) {
            return;
        }
        if (events.size() < size / 2) {
            pendingPartials.incrementAndGet();
            add(partial);
        } else {
            dropped.increment();
        }
    }

    /** The next event; waits for it. The reader says {@link #done} when it needs it no longer. */
    TranscriptEvent take() throws InterruptedException {
        Waiting next = events.take();
        taken = next;
        if (refusingSinceNanos != null && events.size() < size / 2) {
            refusingSinceNanos = null;
            LOG.atInfo().addKeyValue("reader", reader).log("The reader of transcripts has caught up");
        }
        return next.event();
    }

    /** The reader's route has completed with an event, or it is given up. */
    void done(TranscriptEvent event) {
        taken = null;
        pending.decrementAndGet();
        if (event.isLiveOnly()) {
            pendingPartials.decrementAndGet();
            consumedPartials.increment();
        } else {
            consumed.increment();
        }
    }

    /** An event is to be offered to the reader's route again. */
    void retried() {
        retries.increment();
    }

    /** Events that wait or are being read. */
    int pending() {
        return pending.get();
    }

    private double lagMillis() {
        Waiting oldest = taken;
        if (oldest == null) {
            oldest = events.peek();
        }
        return oldest == null ? 0 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - oldest.sinceNanos());
    }

    /** The reader is gone: nothing more is measured. */
    void close() {
        meters.close();
        partials.close();
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
