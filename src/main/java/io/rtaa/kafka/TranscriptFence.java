package io.rtaa.kafka;

import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.CallErased;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.call.TranscriptEvent.Partial;
import io.rtaa.wire.TranscriptReader;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The rule by which every reader of a partition of transcripts sees the same events. It follows from the order of the log
 * alone:
 * <ul>
 *   <li>a take-over, or an event, under a higher epoch than all before makes that epoch the valid one;
 *   <li>an event under a lower epoch comes from somebody who has lost the partition, and is dropped;
 *   <li>an event without an epoch comes from a process whose audio is its own, and counts;
 *   <li>an event whose {@code seq} is not above its stream's last one is a repeat, and is dropped;
 *   <li>a start that is later than its stream's end is the start of another call of the same id, unless its {@code seq}
 * goes on;
 *   <li>the erasure of a call counts, whatever its {@code seq};
 *   <li>a partial counts where nothing is missing before it and nothing newer was seen.
 * </ul>
 *
 * <p>Thread-safety: none; a partition's reader uses it.
 */
final class TranscriptFence {

    /** What becomes of a record. */
    enum Verdict {
        EVENT,
        /** A claim, a take-over. */
        NO_EVENT,
        /** An event of a type that this version does not know. */
        UNKNOWN,
        FENCED,
        REPEATED,
        LATE_PARTIAL
    }

    /** Streams of a partition that are remembered; far above those of the last hours. The oldest are forgotten first. */
    private static final int MAX_STREAMS = 5_000;

    private static final class Seen {
        private long seq;
        private long partialSeq;
        private @Nullable CallEnded end;

        /** Whether this is a stream that has the id of the one that is over. */
        boolean isFollowedBy(TranscriptEvent event) {
            return end != null && event instanceof CallStarted && event.timestampMillis() > end.timestampMillis();
        }
    }

    private final Map<StreamId, Seen> streams = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<StreamId, Seen> eldest) {
            return size() > MAX_STREAMS;
        }
    };

    private long epoch = BusHeaders.NONE;
    private long lastOffset = BusHeaders.NONE;
    private @Nullable TranscriptEvent event;

    /** The highest epoch so far; {@link BusHeaders#NONE} where there was none. */
    long epoch() {
        return epoch;
    }

    /** The offset after the last record that was taken; 0 where there was none. */
    long nextOffset() {
        return lastOffset + 1;
    }

    /**
     * Takes the next record of the partition of transcripts.
     *
     * @throws IllegalArgumentException saying what is wrong with a record that is no event
     */
    Verdict take(long offset, Headers headers, byte @Nullable [] value) {
        if (offset <= lastOffset) {
            // Offsets of a partition rise, unless its topic was made anew.
            streams.clear();
            epoch = BusHeaders.NONE;
        }
        lastOffset = offset;
        event = null;
        long takenOver = BusHeaders.number(headers, BusHeaders.TAKE_OVER);
        if (takenOver != BusHeaders.NONE) {
            epoch = Math.max(epoch, takenOver);
            return Verdict.NO_EVENT;
        }
        if (value == null || headers.lastHeader(BusHeaders.CLAIM) != null) {
            return Verdict.NO_EVENT;
        }
        TranscriptEvent read = TranscriptReader.read(value);
        if (read == null) {
            return Verdict.UNKNOWN;
        }
        long under = BusHeaders.number(headers, BusHeaders.EPOCH);
        if (under != BusHeaders.NONE && under < epoch) {
            return Verdict.FENCED;
        }
        epoch = Math.max(epoch, under);
        if (read instanceof CallErased) {
            // A dashboard numbered it by the events that it knew.
            event = read;
            return Verdict.EVENT;
        }
        Seen seen = streams.get(read.stream());
        if (seen == null || seen.isFollowedBy(read)) {
            seen = new Seen();
            streams.put(read.stream(), seen);
        }
        if (read.seq() <= seen.seq) {
            return Verdict.REPEATED;
        }
        seen.seq = read.seq();
        if (read instanceof CallStarted) {
            seen.end = null;
        } else if (read instanceof CallEnded ended) {
            seen.end = ended;
        }
        event = read;
        return Verdict.EVENT;
    }

    /** Whether a record of partials comes from a process that has lost the partition. */
    boolean isFenced(Headers headers) {
        long under = BusHeaders.number(headers, BusHeaders.EPOCH);
        return under != BusHeaders.NONE && under < epoch;
    }

    /** Takes a record of the same partition of partials. */
    Verdict takePartial(Headers headers, byte @Nullable [] value) {
        event = null;
        TranscriptEvent found = value == null ? null : TranscriptReader.read(value);
        if (found == null || !found.isLiveOnly()) {
            return Verdict.UNKNOWN;
        }
        if (isFenced(headers)) {
            return Verdict.FENCED;
        }
        if (!(found instanceof Partial read)) {
            event = found;
            return Verdict.EVENT;
        }
        Seen seen = streams.get(read.stream());
        if (seen == null
                || read.seq() <= Math.max(seen.seq, seen.partialSeq)
                || BusHeaders.number(headers, BusHeaders.AFTER) > seen.seq) {
            return Verdict.LATE_PARTIAL;
        }
        seen.partialSeq = read.seq();
        event = read;
        return Verdict.EVENT;
    }

    /** The event of the last record, where that was one; else null. */
    @Nullable
    TranscriptEvent event() {
        return event;
    }
}
