package io.rtaa.asr;

import io.rtaa.call.AudioOrigin;
import io.rtaa.call.AudioReceipt;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.tracing.CallSpan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The events of one stream on their way out: one at a time and in order, each after the one before it is published.
 *
 * <p>Thread-safety: used within the tasks of the session's executor only; the sink may answer from any thread.
 */
final class EventOutbox {

    /** The event is null where only receipts are to be settled once the events before are out. */
    private record Entry(@Nullable TranscriptEvent event, List<AudioReceipt> receipts) {
        @Nullable
        AudioReceipt receipt() {
            return receipts.isEmpty() ? null : AudioReceipt.all(receipts);
        }
    }

    private final Executor executor;
    private final Supplier<@Nullable TranscriptSink> sink;
    private final SessionFaults faults;
    private final SessionTrace trace;
    private final Runnable progressed;
    private final Deque<Entry> waiting = new ArrayDeque<>();
    private boolean underWay;
    private volatile @Nullable AudioOrigin origin;

    /**
     * @param executor runs the session's tasks one after another
     * @param sink where events go; none while the route that publishes them has not started
     * @param faults gets to know of events that cannot be published
     * @param trace has a span for what is published
     * @param progressed told, as a task, each time an event is through
     */
    EventOutbox(
            Executor executor,
            Supplier<@Nullable TranscriptSink> sink,
            SessionFaults faults,
            SessionTrace trace,
            Runnable progressed) {
        this.executor = executor;
        this.sink = sink;
        this.faults = faults;
        this.trace = trace;
        this.progressed = progressed;
    }

    /** Says where the stream's audio comes from: events carry it from now on. */
    void from(@Nullable AudioOrigin audioOrigin) {
        origin = audioOrigin;
    }

    /** Where the stream's audio comes from; null where its bus has no such thing. From any thread. */
    @Nullable
    AudioOrigin origin() {
        return origin;
    }

    int size() {
        return waiting.size();
    }

    boolean isIdle() {
        return waiting.isEmpty() && !underWay;
    }

    /**
     * Publishes an event after all before it, then settles the receipts. A gap that touches the one that waits to be
     * published before it becomes part of that one.
     */
    void add(TranscriptEvent event, List<AudioReceipt> receipts) {
        if (!(event instanceof Gap gap) || !isPartOfLast(gap, receipts)) {
            waiting.addLast(new Entry(event, receipts));
        }
        publishNext();
    }

    private boolean isPartOfLast(Gap gap, List<AudioReceipt> receipts) {
        Entry last = waiting.pollLast();
        Entry settled = last != null && last.event() == null ? last : null;
        Entry before = settled == null ? last : waiting.pollLast();
        Entry joined = before != null && before.event() instanceof Gap earlier && earlier.touches(gap)
                ? new Entry(earlier.joinedWith(gap), both(before.receipts(), receipts))
                : null;
        if (before != null) {
            waiting.addLast(joined == null ? before : joined);
        }
        if (settled != null) {
            waiting.addLast(settled);
        }
        return joined != null;
    }

    private static List<AudioReceipt> both(List<AudioReceipt> first, List<AudioReceipt> second) {
        List<AudioReceipt> joined = new ArrayList<>(first);
        joined.addAll(second);
        return joined;
    }

    /** Settles receipts once all events before are published: audio in which nothing was said. */
    void settle(List<AudioReceipt> receipts) {
        if (receipts.isEmpty()) {
            return;
        }
        Entry last = waiting.peekLast();
        if (last != null && last.event() == null) {
            waiting.removeLast();
            waiting.addLast(new Entry(null, both(last.receipts(), receipts)));
        } else {
            waiting.addLast(new Entry(null, receipts));
        }
        publishNext();
    }

    /** Forgets what was not published yet, receipts and all: somebody else has the stream now. */
    void abandon() {
        waiting.clear();
    }

    /** Goes on where a missing sink held things up. */
    void publishNext() {
        while (!underWay && !waiting.isEmpty()) {
            Entry next = waiting.getFirst();
            TranscriptEvent event = next.event();
            if (event == null) {
                waiting.removeFirst();
                next.receipts().forEach(AudioReceipt::settle);
                continue;
            }
            TranscriptSink target = sink.get();
            if (target == null) {
                return;
            }
            waiting.removeFirst();
            underWay = true;
            CallSpan span = trace.publishing(event);
            try {
                target.publish(
                        event,
                        origin,
                        next.receipt(),
                        failure -> executor.execute(() -> published(event, span, failure)));
            } catch (RuntimeException | Error e) {
                // The sink never answers then, and the stream's later events would wait for that for ever.
                published(event, span, e);
            }
        }
    }

    private void published(TranscriptEvent event, CallSpan span, @Nullable Throwable failure) {
        if (failure != null) {
            span.tag("error.type", failure.getClass().getName());
            // The way past the failing route is barred too, or the process stops; the routes tell what failed there.
            faults.notPublished(event, failure);
        }
        span.end();
        underWay = false;
        publishNext();
        progressed.run();
    }
}
