package io.rtaa.dashboard;

import io.rtaa.call.SocketBacklog;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.wire.TranscriptJson;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One connection that follows transcripts, and how far it has caught up with the calls that were there before it.
 *
 * <p>A call is told in one of two ways: as long as the connection is <em>behind</em> on it, from the book, by rising seq
 * from where it got to; from then on, live. A live event of a call it is behind on is not sent: the book has it already
 * and tells it in its turn. So nothing is missed, nothing comes twice and nothing has to be queued, however long it takes.
 *
 * <p>Until its first part it is behind on everything, and keeps no list of calls: with ten thousand calls that takes half
 * a megabyte.
 *
 * <p>Thread-safety: used by {@link TranscriptFanOut} alone, which does one thing at a time.
 */
final class Subscription {

    /** The seq before the first event of any call; one object for all entries of all connections. */
    private static final Long BEGINNING = Long.MIN_VALUE;

    private final String connectionKey;
    private final Viewer viewer;
    private final @Nullable String interactionId;
    private final SocketBacklog backlog;

    /** The calls it is behind on, each with the seq it got to; null until its first part. */
    private @Nullable Map<StreamId, Long> behind;

    private long lastReplayMillis;

    Subscription(String connectionKey, Viewer viewer, @Nullable String interactionId, SocketBacklog backlog) {
        this.connectionKey = connectionKey;
        this.viewer = viewer;
        this.interactionId = interactionId;
        this.backlog = backlog;
    }

    String connectionKey() {
        return connectionKey;
    }

    boolean wants(StreamId stream) {
        return viewer.sees(stream) && (interactionId == null || interactionId.equals(stream.interactionId()));
    }

    /** Finds the calls that were there before; those that were erased too, as the peer may still show them. */
    private Map<StreamId, Long> begin(CallBook book) {
        Map<StreamId, Long> calls = new LinkedHashMap<>();
        Stream.of(book.streams(viewer), book.erasedStreams(viewer))
                .flatMap(List::stream)
                .filter(this::wants)
                .forEach(stream -> calls.put(stream, BEGINNING));
        return calls;
    }

    /** Whether a live event of this stream is to be sent now. */
    boolean isCurrentOn(StreamId stream) {
        return behind != null && wants(stream) && !behind.containsKey(stream);
    }

    /** Forgets the rest of a call that is erased, or whose id a new call has taken over. */
    void skip(StreamId stream) {
        if (behind != null) {
            behind.remove(stream);
        }
    }

    boolean isBehind() {
        return behind == null || !behind.isEmpty();
    }

    /** Whether it got its first part. */
    boolean hasBegun() {
        return behind != null;
    }

    /** Whether the connection has taken the part before, so that the next one does not pile up on it. */
    boolean takesMore() {
        return backlog.takesMore();
    }

    /** When {@link #replay} was called last, by the clock it was given. */
    long lastReplayMillis() {
        return lastReplayMillis;
    }

    /** Adds the next part of what it has to catch up with, about {@code maxChars} of JSON, at least one event. */
    void replay(CallBook book, long maxChars, long nowMillis, Collection<String> messages) {
        lastReplayMillis = nowMillis;
        long chars = 0;
        Map<StreamId, Long> left = behind == null ? begin(book) : behind;
        behind = left;
        Iterator<Map.Entry<StreamId, Long>> calls = left.entrySet().iterator();
        while (calls.hasNext() && chars < maxChars) {
            Map.Entry<StreamId, Long> call = calls.next();
            // Only an empty answer says that a call is told to its end: the book measures parts by its own estimate.
            List<TranscriptEvent> events = book.replay(call.getKey(), call.getValue(), maxChars);
            while (!events.isEmpty() && chars < maxChars) {
                for (TranscriptEvent event : events) {
                    String json = TranscriptJson.write(event);
                    chars += json.length();
                    messages.add(json);
                    call.setValue(event.seq());
                }
                events = book.replay(call.getKey(), call.getValue(), maxChars);
            }
            if (events.isEmpty()) {
                calls.remove();
            }
        }
        if (left.isEmpty()) {
            // Its table stays as large as it was.
            behind = new LinkedHashMap<>();
        }
    }
}
