package io.rtaa.call;

import io.rtaa.call.TranscriptEvent.Gap;
import java.util.List;

/**
 * Stands in for a stream's start where a recogniser takes the stream over from another process: how far that one came. The
 * audio that was not acknowledged follows, the oldest first.
 *
 * @param info what was known when the stream started
 * @param acknowledgedSamples audio before this sample was recognised or given up, and does not come again
 * @param lastSeq the highest {@code seq} that an event of the stream is known to have; partials may have had higher ones
 * @param lastFinalEndMillis where the last published final ends, milliseconds of audio; 0 where there was none
 * @param utteranceOpen whether the last published final left its utterance open
 * @param speakers see {@link TranscriptEvent.Final}
 * @param published the last published words, in order, so that none of them is told again: those that end less than
 *     {@link #WORDS_BACK_MILLIS} before the last final's end, at least
 * @param gaps the last published losses that end after the last final, in order of time, so that none of them is told
 *     again where the audio before them comes once more
 */
public record CallResume(
        CallInfo info,
        long acknowledgedSamples,
        long lastSeq,
        long lastFinalEndMillis,
        boolean utteranceOpen,
        int speakers,
        List<Word> published,
        List<Gap> gaps)
        implements AudioMessage {

    /** Published words further back than this are heard no second time, milliseconds of audio. */
    public static final long WORDS_BACK_MILLIS = 4000;

    public CallResume {
        published = List.copyOf(published);
        gaps = List.copyOf(gaps);
    }

    /** The same, of a stream of which an event with a higher {@code seq} may be known. */
    public CallResume withSeqAtLeast(long seq) {
        return new CallResume(
                info,
                acknowledgedSamples,
                Math.max(lastSeq, seq),
                lastFinalEndMillis,
                utteranceOpen,
                speakers,
                published,
                gaps);
    }

    @Override
    public StreamId stream() {
        return info.stream();
    }

    @Override
    public long leg() {
        return info.leg();
    }

    @Override
    public long number() {
        return 0;
    }
}
