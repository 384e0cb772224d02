package io.rtaa.dashboard;

import io.rtaa.call.CallInfo;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.CallErased;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.call.TranscriptEvent.Partial;
import io.rtaa.call.TranscriptEvent.Status;
import io.rtaa.call.Word;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one call. Thread-safety: none of its own; {@link CallBook} guards it with its lock.
 */
final class Call {

    /** About what an event takes on the heap besides its texts, in bytes. */
    private static final long EVENT_BYTES = 160;

    /** About what a word takes besides its texts, in bytes. */
    private static final long WORD_BYTES = 150;

    private final StreamId stream;
    private final long firstHeardMillis;

    /** Finals and gaps, by rising seq. */
    private final List<TranscriptEvent> lines = new ArrayList<>();

    /** The latest partial of each channel that no final has replaced yet. */
    private final Map<Integer, Partial> partials = new TreeMap<>();

    private @Nullable CallStarted started;
    /** The start of the leg that the call goes on with; null while it has one. */
    private @Nullable CallStarted startedAgain;

    private @Nullable Status status;
    private @Nullable String provider;
    private @Nullable CallEnded ended;
    private @Nullable Final lastSpoken;
    private long lastSeq = Long.MIN_VALUE;
    /** When something of it, or a keep-alive, came last, by the book's clock. */
    private long heardMillis;

    private int finals;
    private long bytes = EVENT_BYTES;

    Call(StreamId stream, long firstHeardMillis) {
        this.stream = stream;
        this.firstHeardMillis = firstHeardMillis;
    }

    /** Takes in an event of this stream whose seq is above {@link #lastSeq()}. */
    void add(TranscriptEvent event) {
        lastSeq = event.seq();
        if (event instanceof CallStarted start) {
            startedAgain = started == null ? null : start;
            started = started == null ? start : started;
            ended = null;
        } else if (event instanceof Partial partial) {
            partials.put(partial.channel(), partial);
        } else if (event instanceof Final result) {
            partials.remove(result.channel());
            lines.add(result);
            bytes += size(result);
            // One without words only tells that an utterance is over.
            if (!result.text().isBlank()) {
                finals++;
                lastSpoken = result;
            }
        } else if (event instanceof Gap gap) {
            lines.add(gap);
            bytes += EVENT_BYTES + gap.reason().length();
        } else if (event instanceof Status now) {
            status = now;
            provider = now.provider() == null ? provider : now.provider();
        } else if (event instanceof CallEnded end) {
            ended = end;
            partials.clear();
        }
    }

    private static long size(Final result) {
        long size = EVENT_BYTES + result.text().length();
        for (Word word : result.words()) {
            size += WORD_BYTES + word.word().length() + word.text().length();
        }
        return size;
    }

    StreamId stream() {
        return stream;
    }

    /** Whether the call, or its present leg, started after what is to be erased had ended. */
    boolean beganAfter(CallErased erasure) {
        CallStarted latest = latestStart();
        return latest != null && erasure.isFollowedBy(latest);
    }

    /** What erases the call; null while it is live. */
    @Nullable
    CallErased erasure(long nowMillis) {
        if (ended == null) {
            return null;
        }
        // Clocks differ: a start may be stamped later than the end that follows it.
        CallStarted latest = latestStart();
        long endedMillis =
                latest == null ? ended.timestampMillis() : Math.max(ended.timestampMillis(), latest.timestampMillis());
        return new CallErased(stream, lastSeq + 1, nowMillis, endedMillis);
    }

    /** The start of the leg it has or had last; null where no start is known. */
    @Nullable
    CallStarted latestStart() {
        return startedAgain == null ? started : startedAgain;
    }

    long lastSeq() {
        return lastSeq;
    }

    /** About what this call takes on the heap. */
    long bytes() {
        return bytes;
    }

    @Nullable
    CallEnded ended() {
        return ended;
    }

    boolean isLive() {
        return ended == null;
    }

    /**
     * What a newcomer is told of this call: its start, that of its present leg, finals and gaps, the latest status and
     * partials while it is live, its end; those whose seq is above {@code afterSeq}, by rising seq, up to about {@code
     * maxBytes} but at least one.
     */
    List<TranscriptEvent> replay(long afterSeq, long maxBytes) {
        List<TranscriptEvent> state = new ArrayList<>();
        if (started != null) {
            state.add(started);
        }
        if (startedAgain != null) {
            state.add(startedAgain);
        }
        if (status != null) {
            state.add(status);
        }
        state.addAll(partials.values());
        if (ended != null) {
            state.add(ended);
        }
        state.removeIf(event -> event.seq() <= afterSeq);
        state.sort(Comparator.comparingLong(TranscriptEvent::seq));

        List<TranscriptEvent> replay = new ArrayList<>();
        long taken = 0;
        int line = firstLineAfter(afterSeq);
        int other = 0;
        while ((line < lines.size() || other < state.size()) && (replay.isEmpty() || taken < maxBytes)) {
            boolean lineIsNext = line < lines.size()
                    && (other == state.size()
                            || lines.get(line).seq() < state.get(other).seq());
            TranscriptEvent next = lineIsNext ? lines.get(line++) : state.get(other++);
            replay.add(next);
            taken += next instanceof Final result ? size(result) : EVENT_BYTES;
        }
        return replay;
    }

    private int firstLineAfter(long seq) {
        int low = 0;
        int high = lines.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (lines.get(middle).seq() <= seq) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    void heard(long nowMillis) {
        heardMillis = nowMillis;
    }

    long heardMillis() {
        return heardMillis;
    }

    /** @param lost whether its worker is away */
    CallSummary summary(boolean lost) {
        CallInfo info = started == null ? null : started.info();
        return new CallSummary(
                stream,
                info,
                info == null ? firstHeardMillis : info.startedAtMillis(),
                status,
                provider,
                ended,
                lost,
                finals,
                lastSpoken == null ? null : lastSpoken.text());
    }

    CallTranscript transcript(boolean lost) {
        return new CallTranscript(summary(lost), List.copyOf(lines));
    }
}
