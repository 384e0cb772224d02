package io.rtaa.testsupport;

import io.rtaa.asr.RecognisedSpan;
import io.rtaa.asr.RecogniserConnection;
import io.rtaa.asr.RecogniserListener;
import io.rtaa.asr.RecogniserProvider;
import io.rtaa.asr.RecogniserRequest;
import io.rtaa.call.AudioFormat;
import io.rtaa.call.Word;
import io.rtaa.simulator.Recording;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A recogniser that hears exactly what was said in audio that says it itself: word {@code n} is {@value #WORD_MILLIS} ms of
 * samples with the value {@code n}. It tells a partial with each word and a final every {@value #WORDS_PER_FINAL} words.
 */
public final class ListeningRecogniser implements RecogniserProvider {

    public static final int WORD_MILLIS = 200;
    public static final int WORDS_PER_FINAL = 4;

    /** Audio that says the words {@code first} to {@code first + words - 1}. */
    public static Recording saying(int sampleRate, int first, int words) {
        int samplesPerWord = (int) AudioFormat.samples(WORD_MILLIS, sampleRate);
        ByteBuffer pcm = ByteBuffer.allocate(words * samplesPerWord * AudioFormat.BYTES_PER_SAMPLE)
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int word = 0; word < words; word++) {
            for (int sample = 0; sample < samplesPerWord; sample++) {
                pcm.putShort((short) (first + word));
            }
        }
        return new Recording(sampleRate, pcm.array());
    }

    /** What a transcript of {@link #saying} says. */
    public static String transcript(int first, int words) {
        List<String> texts = new ArrayList<>();
        for (int word = 0; word < words; word++) {
            texts.add("w" + (first + word));
        }
        return String.join(" ", texts);
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
        private final int samplesPerWord;
        private final List<Word> words = new ArrayList<>();
        private long samplesHeard;
        private long finalMillis;

        Connection(int sampleRate, RecogniserListener listener) {
            this.listener = listener;
            this.samplesPerWord = (int) AudioFormat.samples(WORD_MILLIS, sampleRate);
        }

        @Override
        public void send(byte[] pcm) {
            ByteBuffer samples = ByteBuffer.wrap(pcm).order(ByteOrder.LITTLE_ENDIAN);
            while (samples.hasRemaining()) {
                short value = samples.getShort();
                samplesHeard++;
                if (samplesHeard % samplesPerWord == 0) {
                    hear(value);
                }
            }
        }

        private void hear(short value) {
            long endMillis = samplesHeard / samplesPerWord * WORD_MILLIS;
            words.add(new Word("w" + value, "w" + value, endMillis - WORD_MILLIS, endMillis, 1.0, null));
            if (words.size() == WORDS_PER_FINAL) {
                tellFinal();
            } else {
                listener.partial(span(endMillis));
            }
        }

        private void tellFinal() {
            long endMillis = samplesHeard / samplesPerWord * WORD_MILLIS;
            listener.finalResult(span(endMillis));
            finalMillis = endMillis;
            words.clear();
        }

        private RecognisedSpan span(long endMillis) {
            return new RecognisedSpan(
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
