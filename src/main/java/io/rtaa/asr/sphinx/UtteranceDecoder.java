package io.rtaa.asr.sphinx;

import edu.cmu.sphinx.decoder.ResultListener;
import edu.cmu.sphinx.recognizer.Recognizer;
import edu.cmu.sphinx.result.Result;
import edu.cmu.sphinx.result.WordResult;
import edu.cmu.sphinx.util.props.ConfigurationManager;
import edu.cmu.sphinx.util.props.PropertySheet;
import io.rtaa.call.Word;
import java.net.URL;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One Sphinx-4 recogniser with its model, for one utterance at a time. Nothing of the model can be shared by two
 * recognisers: Sphinx-4 keeps scores in the acoustic model, search states in the dictionary's tree and probabilities in
 * the language model while it decodes.
 *
 * <p>Thread-safety: one thread at a time. A decoder that threw is not to be used again.
 */
final class UtteranceDecoder {

    /** Hears how a decoder gets on with an utterance, on the decoder's thread. */
    interface Progress {

        /**
         * What the utterance's words seem to be so far.
         *
         * @param heardSample how far the audio was taken, in 16 kHz samples of the call
         */
        void partial(List<Word> words, long heardSample);

        /** The call has sent nothing for a while though the utterance goes on. */
        void starved();
    }

    private static final String CONFIGURATION = "recogniser.xml";

    private final UtteranceSource source = new UtteranceSource();
    private final MeanNormaliser normaliser = new MeanNormaliser();
    private final Recognizer recogniser;
    private @Nullable Progress progress;

    /** Loads the model; takes some seconds and about 170 MB. */
    UtteranceDecoder() {
        URL configuration = Objects.requireNonNull(
                UtteranceDecoder.class.getResource(CONFIGURATION), () -> CONFIGURATION + " is not on the class path");
        ConfigurationManager components = LibraryLog.read(configuration);
        components.addConfigurable(source, "utterance");
        components.addConfigurable(normaliser, "callMean");
        recogniser = components.lookup("recogniser");
        recogniser.addResultListener(new Partials());
        recogniser.allocate();
    }

    /**
     * Recognises an utterance while it is being spoken and returns once it has ended.
     *
     * @param mean the call's mean, which learns from this utterance
     * @return the words in order, times in milliseconds of the call's audio; fillers are left out
     */
    List<Word> decode(Utterance utterance, CepstralMean mean, Progress listener) {
        source.begin(utterance, listener::starved);
        normaliser.begin(mean);
        progress = listener;
        try {
            Result result = recogniser.recognize();
            return result == null ? List.of() : words(result);
        } finally {
            progress = null;
        }
    }

    private static List<Word> words(Result result) {
        return result.getTimedBestResult(false).stream()
                .map(UtteranceDecoder::word)
                .toList();
    }

    private static Word word(WordResult result) {
        String spelling = result.getWord().getSpelling();
        long start = result.getTimeFrame().getStart();
        return new Word(
                spelling, spelling, start, Math.max(start, result.getTimeFrame().getEnd()), null, null);
    }

    private final class Partials implements ResultListener {

        @Override
        public void newResult(Result result) {
            Progress listener = progress;
            if (listener != null && !result.isFinal()) {
                listener.partial(words(result), source.position());
            }
        }

        @Override
        public void newProperties(PropertySheet properties) {}
    }
}
