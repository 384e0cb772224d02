package io.rtaa.call;

import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Gap;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the transcript of a stream has come, as its published events tell it: what a process needs that takes the stream
 * over from another.
 *
 * <p>Thread-safety: none.
 */
public final class TranscriptProgress {

    /** A replay begins so long before a published word, so that the word is heard whole although its time is not exact. */
    public static final long REPLAY_LEAD_MILLIS = 150;

    /** Losses that are remembered; a stream that loses more of them without a final between them is told some again. */
    private static final int MOST_GAPS = 50;

    private final CallInfo info;
    /** Those that end after the last final. */
    private final Deque<Gap> gaps = new ArrayDeque<>();

    private final Deque<Word> words = new ArrayDeque<>();
    private long lastSeq;
    private long lastFinalEndMillis;
    private boolean utteranceOpen;
    private int speakers;
    private @Nullable CallEnded end;

    /** A stream of which nothing but this is known yet. */
    public TranscriptProgress(CallInfo info) {
        this.info = info;
        this.speakers = info.speakersBefore();
    }

    /** A stream that began with this event. */
    public static TranscriptProgress of(CallStarted started) {
        TranscriptProgress progress = new TranscriptProgress(started.info());
        progress.add(started);
        return progress;
    }

    /** Takes the stream's next event, in the order they were published; one that was taken before, or is older, does nothing. */
    public void add(TranscriptEvent event) {
        if (event.seq() <= lastSeq) {
            return;
        }
        lastSeq = event.seq();
        if (event instanceof Final result) {
            lastFinalEndMillis = Math.max(lastFinalEndMillis, result.endMillis());
            utteranceOpen = !result.utteranceEnd();
            speakers = Math.max(speakers, result.speakers());
            words.addAll(result.words());
            while (!words.isEmpty()
                    && words.getFirst().endMillis() < lastFinalEndMillis - CallResume.WORDS_BACK_MILLIS) {
                words.removeFirst();
            }
            gaps.removeIf(gap -> gap.endMillis() <= lastFinalEndMillis);
        } else if (event instanceof Gap gap) {
            add(gap);
        } else if (event instanceof CallEnded ended) {
            end = ended;
        }
    }

    private void add(Gap gap) {
        Gap last = gaps.peekLast();
        if (last != null && last.touches(gap)) {
            gaps.removeLast();
            gaps.addLast(last.joinedWith(gap));
        } else if (gap.endMillis() > lastFinalEndMillis) {
            gaps.addLast(gap);
        }
        if (gaps.size() > MOST_GAPS) {
            gaps.removeFirst();
        }
    }

    /** What was known of the stream when it started. */
    public CallInfo info() {
        return info;
    }

    /** The highest {@code seq} of an event that was taken. */
    public long lastSeq() {
        return lastSeq;
    }

    /** Whether the stream has ended and nothing of it is left to publish. */
    public boolean isOver() {
        return end != null;
    }

    /** How the stream ended; null while it has not. */
    public @Nullable CallEnded end() {
        return end;
    }

    /**
     * What the stream's next owner is told. It hears the last published words once more, so that it can tell them from what
     * follows, and nothing from before them.
     *
     * @param oldestKeptSample where the audio begins that can still be had
     */
    public CallResume resume(long oldestKeptSample) {
        long replayFrom =
                Math.max(0, behindLosses(replayFromMillis(words, lastFinalEndMillis)) - info.audioStartMillis());
        return new CallResume(
                info,
                Math.max(oldestKeptSample, AudioFormat.samples(replayFrom, info.sampleRate())),
                lastSeq,
                lastFinalEndMillis,
                utteranceOpen,
                speakers,
                List.copyOf(words),
                List.copyOf(gaps));
    }

    /**
     * Where a replay begins that is not to hear what was given up. A loss further on, as of a frame that never came, is
     * told before what was said ahead of it is final: that is still to be heard.
     */
    private long behindLosses(long fromMillis) {
        long from = fromMillis;
        for (Gap gap : gaps) {
            if (gap.startMillis() <= Math.max(from, lastFinalEndMillis)) {
                from = Math.max(from, gap.endMillis());
            }
        }
        return from;
    }

    /**
     * Where a replay begins so that what is heard again can be told from what is new: two published words back, where
     * there are two.
     *
     * @param published in the order they were said
     * @param otherwise where a replay begins while nothing is published
     * @return milliseconds since the stream's start
     */
    public static long replayFromMillis(Deque<Word> published, long otherwise) {
        Iterator<Word> newestFirst = published.descendingIterator();
        long from = otherwise;
        for (int i = 0; i < 2 && newestFirst.hasNext(); i++) {
            from = Math.max(0, newestFirst.next().startMillis() - REPLAY_LEAD_MILLIS);
        }
        return from;
    }
}
