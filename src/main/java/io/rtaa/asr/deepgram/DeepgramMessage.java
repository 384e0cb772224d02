package io.rtaa.asr.deepgram;

import io.rtaa.asr.RecognisedSpan;
import org.jspecify.annotations.Nullable;

/**
 * A message of <a href="https://developers.deepgram.com/reference/speech-to-text/listen-streaming">Deepgram's live
 * service</a> (read July 2026), as far as it is of use.
 */
sealed interface DeepgramMessage {

    /** Whether this message, which is no final, ends an utterance that is still open. */
    default boolean endsUtterance() {
        return false;
    }

    /**
     * {@code Results}: what was said in a window of the audio.
     *
     * @param span the window, its {@link RecognisedSpan#utteranceEnd} set where the message itself ends the utterance
     * @param isFinal whether the window is closed
     */
    record Results(RecognisedSpan span, boolean isFinal) implements DeepgramMessage {}

    /** {@code Metadata}: the summary before the service closes, whatever its reason. */
    record Metadata() implements DeepgramMessage {
        @Override
        public boolean endsUtterance() {
            return true;
        }
    }

    /** {@code SpeechStarted}. */
    record SpeechStarted() implements DeepgramMessage {}

    /**
     * {@code UtteranceEnd}: a gap between words was long enough.
     *
     * @param hasWord false where the service names no last word ({@code last_word_end: -1}): then it means nothing
     */
    record UtteranceEnd(boolean hasWord) implements DeepgramMessage {
        @Override
        public boolean endsUtterance() {
            return hasWord;
        }
    }

    /**
     * {@code Error} or {@code Warning}, in whichever form.
     *
     * @param type the message's type
     * @param text what it says; null where nothing could be made of it
     */
    record Problem(String type, @Nullable String text) implements DeepgramMessage {}

    /** Well-formed but of a type that is not known here. */
    record Unknown() implements DeepgramMessage {}

    /** Not JSON, or not in the form its type calls for. */
    record Malformed() implements DeepgramMessage {}
}
