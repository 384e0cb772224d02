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

    private final CallInfo info;
    private final Deque<Word> words = new ArrayDeque<>();
    private long lastSeq;
    private long lastFinalEndMillis;
    private long lostUpToMillis;
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
        } else if (event instanceof Gap gap) {
            lostUpToMillis = Math.max(lostUpToMillis, gap.endMillis());
        } else if (event instanceof CallEnded ended) {
            end = ended;
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
        long replayFrom = Math.max(0, Math.max(replayFromMillis(), lostUpToMillis) - info.audioStartMillis());
        return new CallResume(
                info,
                Math.max(oldestKeptSample, AudioFormat.samples(replayFrom, info.sampleRate())),
                lastSeq,
                lastFinalEndMillis,
                utteranceOpen,
                speakers,
                List.copyOf(words));
    }

    /** Two published words back, where there are two. */
    private long replayFromMillis() {
        Iterator<Word> newestFirst = words.descendingIterator();
        long from = lastFinalEndMillis;
        for (int i = 0; i < 2 && newestFirst.hasNext(); i++) {
            from = Math.max(0, newestFirst.next().startMillis() - REPLAY_LEAD_MILLIS);
        }
        return from;
    }
}
