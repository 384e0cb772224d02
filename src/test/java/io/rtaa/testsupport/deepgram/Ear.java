package io.rtaa.testsupport.deepgram;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds words in samples as they come. Places count the samples heard.
 *
 * <p>Thread-safety: none.
 */
public abstract class Ear {

    /** A word that is being heard or was heard. */
    public static final class Heard {
        final String text;
        final long startSample;
        /** How long the whole word is, as far as this ear can tell. */
        final long wholeSamples;

        long endSample;
        boolean ongoing = true;
        /** Whether a final has told it; it stays here until it is over, so that it is not taken for another. */
        boolean reported;

        Heard(String text, long startSample, long wholeSamples) {
            this.text = text;
            this.startSample = startSample;
            this.endSample = startSample;
            this.wholeSamples = wholeSamples;
        }

        public String text() {
            return text;
        }

        public long startSample() {
            return startSample;
        }

        /** The sample after the last one heard. */
        public long endSample() {
            return endSample;
        }

        private boolean isWhole() {
            return endSample - startSample >= wholeSamples;
        }

        /** Whether enough was heard to know the word: half of it. */
        boolean isRecognisable() {
            return (endSample - startSample) * 2 >= wholeSamples;
        }
    }

    protected final int sampleRate;
    private final List<Heard> words = new ArrayList<>();
    private long samplesHeard;

    Ear(int sampleRate) {
        this.sampleRate = sampleRate;
    }

    /** The words heard and not yet forgotten; the last one may be ongoing. */
    List<Heard> words() {
        return words;
    }

    long samplesHeard() {
        return samplesHeard;
    }

    /** Whether anything but silence is on at the moment. */
    boolean isHearing() {
        return !words.isEmpty() && words.get(words.size() - 1).ongoing;
    }

    /** Takes the words that were heard to their end since the last time. */
    public List<Heard> takeWhole() {
        List<Heard> whole = words.stream().filter(Heard::isWhole).toList();
        words.removeAll(whole);
        return whole;
    }

    /** @param pcm whole samples, little-endian */
    public final void hear(byte[] pcm) {
        for (int i = 0; i + 1 < pcm.length; i += 2) {
            hear((short) ((pcm[i] & 0xff) | pcm[i + 1] << 8));
            samplesHeard++;
        }
    }

    /** The next sample; {@link #samplesHeard} is its place. */
    protected abstract void hear(short sample);

    /** Hears the words of {@link SpokenAudio}, parts of words included. */
    public static final class Marked extends Ear {
        private final short[] last = new short[SpokenAudio.CELL_SAMPLES];
        private int silentSamples;

        public Marked(int sampleRate) {
            super(sampleRate);
        }

        @Override
        protected void hear(short sample) {
            System.arraycopy(last, 1, last, 0, last.length - 1);
            last[last.length - 1] = sample;
            silentSamples = sample == 0 ? silentSamples + 1 : 0;
            if (silentSamples >= SpokenAudio.CELL_SAMPLES) {
                endWord();
            }
            boolean isCell = last[0] == SpokenAudio.MARK
                    && last[1] == -SpokenAudio.MARK
                    && last[4] == SpokenAudio.check(last[2], last[3]);
            if (isCell) {
                onCell(SpokenAudio.text(last[2]), (long) last[3] * sampleRate / 1000);
            }
        }

        private void onCell(String text, long wholeSamples) {
            Heard current = isHearing() ? words().get(words().size() - 1) : null;
            if (current == null || !current.text.equals(text)) {
                endWord();
                current = new Heard(text, samplesHeard() + 1 - SpokenAudio.CELL_SAMPLES, wholeSamples);
                words().add(current);
            }
            current.endSample = samplesHeard() + 1;
        }

        private void endWord() {
            if (isHearing()) {
                words().get(words().size() - 1).ongoing = false;
            }
        }
    }

    /** Hears each burst of loudness as a word and numbers them: rough, but it works on anybody's speech. */
    static final class Loudness extends Ear {
        private static final int BLOCK_MILLIS = 10;
        private static final double LOUD = 500;
        private static final int QUIET_BLOCKS_BETWEEN_WORDS = 6;
        private static final int MAX_WORD_MILLIS = 450;

        private double sumOfSquares;
        private int samplesInBlock;
        private int quietBlocks;
        private int count;

        Loudness(int sampleRate) {
            super(sampleRate);
        }

        @Override
        protected void hear(short sample) {
            sumOfSquares += (double) sample * sample;
            if (++samplesInBlock == sampleRate * BLOCK_MILLIS / 1000) {
                onBlock(Math.sqrt(sumOfSquares / samplesInBlock) >= LOUD);
                sumOfSquares = 0;
                samplesInBlock = 0;
            }
        }

        private void onBlock(boolean loud) {
            long blockStart = samplesHeard() + 1 - samplesInBlock;
            Heard current = isHearing() ? words().get(words().size() - 1) : null;
            if (!loud) {
                if (current != null && ++quietBlocks >= QUIET_BLOCKS_BETWEEN_WORDS) {
                    current.ongoing = false;
                }
                return;
            }
            quietBlocks = 0;
            if (current != null && blockStart - current.startSample >= (long) MAX_WORD_MILLIS * sampleRate / 1000) {
                current.ongoing = false;
                current = null;
            }
            if (current == null) {
                current = new Heard("word" + ++count, blockStart, samplesInBlock);
                words().add(current);
            }
            current.endSample = samplesHeard() + 1;
        }
    }
}
