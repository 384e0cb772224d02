package io.rtaa.asr;

import io.rtaa.call.Word;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a recogniser makes of a span of audio.
 *
 * @param startMillis where the span begins, milliseconds of audio delivered on this connection
 * @param endMillis where it ends; for a final the audio before it is done with
 * @param text what was said; empty for silence
 * @param confidence from 0 to 1; null where the recogniser gives none
 * @param channel the audio channel, from 0
 * @param utteranceEnd whether the speaker came to an end here
 * @param words the words in order, with times on the same clock; empty where the recogniser gives none
 */
public record RecognisedSpan(
        long startMillis,
        long endMillis,
        String text,
        @Nullable Double confidence,
        int channel,
        boolean utteranceEnd,
        List<Word> words) {

    public RecognisedSpan {
        words = List.copyOf(words);
        if (endMillis < startMillis) {
            throw new IllegalArgumentException("span ends at " + endMillis + " ms, before its start " + startMillis);
        }
    }
}
