package io.rtaa.asr.deepgram;

import io.rtaa.asr.RecognisedSpan;
import io.rtaa.asr.RecogniserListener;

/**
 * Tells where utterances end. Deepgram says so in several ways, and sometimes in two of them for one utterance: on a final
 * ({@code speech_final}, {@code from_finalize}), even an empty one that follows the words; by {@code UtteranceEnd}; and by
 * {@code Metadata}, after which nothing comes. The first one after a final with words counts.
 *
 * <p>Thread-safety: none; used by one connection on its event loop.
 */
final class UtteranceRules {

    private final RecogniserListener listener;
    private boolean wordsSinceEnd;

    UtteranceRules(RecogniserListener listener) {
        this.listener = listener;
    }

    /** A final, its flag set where the message ends the utterance. */
    void onFinal(RecognisedSpan span) {
        if (!span.text().isEmpty()) {
            wordsSinceEnd = !span.utteranceEnd();
            listener.finalResult(span);
        } else {
            listener.finalResult(span.goingOn());
            if (span.utteranceEnd()) {
                endIfOpen();
            }
        }
    }

    /** Some other message that ends an utterance which is still open; else it is just a sign of life. */
    void onEnd() {
        if (wordsSinceEnd) {
            endIfOpen();
        } else {
            listener.alive();
        }
    }

    private void endIfOpen() {
        if (wordsSinceEnd) {
            wordsSinceEnd = false;
            listener.utteranceEnd();
        }
    }
}
