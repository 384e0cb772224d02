package io.rtaa.testsupport;

import io.rtaa.asr.RecognisedSpan;
import io.rtaa.call.EndReason;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Partial;
import io.rtaa.call.Word;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes what recognisers and transcripts say, without the parts that few tests are about. */
public final class Shorthand {

    private Shorthand() {}

    /** A span in a language that is not known. */
    public static RecognisedSpan span(
            long startMillis,
            long endMillis,
            String text,
            @Nullable Double confidence,
            int channel,
            boolean utteranceEnd,
            List<Word> words) {
        return new RecognisedSpan(startMillis, endMillis, text, confidence, channel, utteranceEnd, null, words);
    }

    /** A partial in a language that is not known. */
    public static Partial partial(
            StreamId stream,
            long seq,
            long timestampMillis,
            String text,
            @Nullable Double confidence,
            long startMillis,
            long endMillis,
            int channel) {
        return new Partial(stream, seq, timestampMillis, text, confidence, startMillis, endMillis, channel, null);
    }

    /** A final in a language that is not known, whose speaker has the highest number so far. */
    public static Final finalOf(
            StreamId stream,
            long seq,
            long timestampMillis,
            String text,
            @Nullable Double confidence,
            long startMillis,
            long endMillis,
            int channel,
            @Nullable Integer speaker,
            boolean utteranceEnd,
            List<Word> words) {
        return new Final(
                stream,
                seq,
                timestampMillis,
                text,
                confidence,
                startMillis,
                endMillis,
                channel,
                speaker,
                speaker == null ? 0 : speaker + 1,
                null,
                utteranceEnd,
                words);
    }

    /** The end of a leg that is not known, whose speakers are not told apart. */
    public static CallEnded ended(
            StreamId stream, long seq, long timestampMillis, EndReason reason, long durationMillis) {
        return ended(stream, seq, timestampMillis, reason, durationMillis, 0);
    }

    /** The end of a leg whose speakers are not told apart. */
    public static CallEnded ended(
            StreamId stream, long seq, long timestampMillis, EndReason reason, long durationMillis, long leg) {
        return new CallEnded(stream, seq, timestampMillis, reason, durationMillis, leg, 0);
    }
}
