package io.rtaa.bus.memory;

import io.rtaa.call.TranscriptEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The readers of the transcripts, and the one place where events are published to them: under one lock, so that all
 * readers get all events in one order, and each event goes to all of them or to none.
 *
 * <p>Thread-safety: safe. The lock is held for as long as it takes to put an event into a few queues.
 */
final class MemoryTopic {

    private final List<EventQueue> readers = new CopyOnWriteArrayList<>();

    /** @throws MemoryBusFullException if a reader has no room; then no reader has got the event */
    synchronized void publish(TranscriptEvent event) {
        boolean liveOnly = event.isLiveOnly();
        if (!liveOnly) {
            readers.forEach(EventQueue::requireRoom);
        }
        for (EventQueue reader : readers) {
            if (liveOnly) {
                reader.offer(event);
            } else {
                reader.add(event);
            }
        }
    }

    /** From now on the reader gets what is published. */
    synchronized void join(EventQueue reader) {
        readers.add(reader);
    }

    /** The reader gets nothing more; what it has stays in its queue. */
    synchronized void leave(EventQueue reader) {
        readers.remove(reader);
    }

    List<EventQueue> readers() {
        return readers;
    }
}
