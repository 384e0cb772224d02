package io.rtaa.testsupport;

import io.rtaa.asr.RecognisedSpan;
import io.rtaa.asr.RecogniserConnection;
import io.rtaa.asr.RecogniserListener;
import io.rtaa.asr.RecogniserProvider;
import io.rtaa.asr.RecogniserRequest;
import io.rtaa.call.AudioFormat;
import io.rtaa.call.Word;
import io.rtaa.simulator.Recording;
import io.rtaa.testsupport.deepgram.Ear;
import io.rtaa.testsupport.deepgram.SpokenAudio;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A recogniser that hears the words of {@link SpokenAudio} exactly. It tells a partial with each word and a final every
 * {@value #WORDS_PER_FINAL} words.
 */
public final class ListeningRecogniser implements RecogniserProvider {

    public static final int WORD_MILLIS = 200;
    public static final int WORDS_PER_FINAL = 4;

    /** Audio that says the words {@code first} to {@code first + words - 1}, {@value #WORD_MILLIS} ms each. */
    public static Recording saying(int sampleRate, int first, int words) {
        return new Recording(
                sampleRate,
                SpokenAudio.evenly(sampleRate, first, words, WORD_MILLIS).pcm());
    }

    /** What a transcript of {@link #saying} says. */
    public static String transcript(int first, int words) {
        return IntStream.range(first, first + words).mapToObj(SpokenAudio::text).collect(Collectors.joining(" "));
    }

    @Override
    public String name() {
        return "listening";
    }

    @Override
    public double maxPace() {
        return Double.POSITIVE_INFINITY;
    }

    @Override
    public RecogniserConnection open(RecogniserRequest request, RecogniserListener listener) {
        listener.opened();
        return new Connection(request.call().sampleRate(), listener);
    }

    private static final class Connection implements RecogniserConnection {

        private final RecogniserListener listener;
        private final int sampleRate;
        private final Ear ear;
        private final List<Word> words = new ArrayList<>();
        private long endMillis;
        private long finalMillis;

        Connection(int sampleRate, RecogniserListener listener) {
            this.listener = listener;
            this.sampleRate = sampleRate;
            this.ear = new Ear.Marked(sampleRate);
        }

        @Override
        public void send(byte[] pcm) {
            ear.hear(pcm);
            ear.takeWhole().forEach(this::tell);
        }

        private void tell(Ear.Heard heard) {
            long startMillis = AudioFormat.millis(heard.startSample(), sampleRate);
            endMillis = AudioFormat.millis(heard.endSample(), sampleRate);
            words.add(new Word(heard.text(), heard.text(), startMillis, endMillis, 1.0, null));
            if (words.size() == WORDS_PER_FINAL) {
                tellFinal();
            } else {
                listener.partial(span());
            }
        }

        private void tellFinal() {
            listener.finalResult(span());
            finalMillis = endMillis;
            words.clear();
        }

        private RecognisedSpan span() {
            return Shorthand.span(
                    finalMillis,
                    endMillis,
                    String.join(" ", words.stream().map(Word::text).toList()),
                    1.0,
                    0,
                    true,
                    words);
        }

        @Override
        public void flush() {
            tellFinal();
        }

        @Override
        public void end() {
            tellFinal();
            listener.closed(null);
        }

        @Override
        public void abort() {
            words.clear();
        }
    }
}
