package io.rtaa.testsupport.deepgram;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Audio that describes itself: each word is a block of samples in which a short cell repeats that holds the word's number
 * and length; between words there is silence (zeros). Any part of a word tells which one it is, and whoever passes on
 * the samples unchanged passes on the words. It is loud, so that speech detectors take it for speech.
 *
 * <p>Thread-safety: immutable.
 */
public final class SpokenAudio {

    /** The first sample of a cell and, negated, its second. */
    static final short MARK = 12_000;

    /** Samples in a cell: two marks, the word's number, its length in milliseconds, a check. */
    static final int CELL_SAMPLES = 5;

    /** Word numbers are below this. */
    public static final int MAX_WORDS = 30_000;

    /** The longest word somebody speaks. */
    public static final int MAX_WORD_MILLIS = 520;

    private static final int MIN_WORD_MILLIS = 160;
    private static final int MIN_GAP_MILLIS = 40;
    private static final int MAX_GAP_MILLIS = 220;
    private static final int MIN_PAUSE_MILLIS = 500;
    private static final int MAX_PAUSE_MILLIS = 1800;

    /**
     * A word and its place.
     *
     * @param index the word's number
     * @param startMillis where it begins in this audio
     * @param endMillis where it ends
     */
    public record Spoken(int index, long startMillis, long endMillis) {
        /** The word as it is heard, such as {@code w17}. */
        public String text() {
            return SpokenAudio.text(index);
        }
    }

    private final int sampleRate;
    private final byte[] pcm;
    private final List<Spoken> words;

    private SpokenAudio(int sampleRate, byte[] pcm, List<Spoken> words) {
        this.sampleRate = sampleRate;
        this.pcm = pcm;
        this.words = List.copyOf(words);
    }

    /** Samples a second. */
    public int sampleRate() {
        return sampleRate;
    }

    /** All of it: signed 16-bit little-endian, one channel. */
    public byte[] pcm() {
        return pcm.clone();
    }

    /** What is said, in order. */
    public List<Spoken> words() {
        return words;
    }

    /** The text of a word's number. */
    public static String text(int index) {
        return "w" + index;
    }

    /**
     * Somebody speaks, with short gaps between words and longer pauses now and then; silence at both ends.
     *
     * @param firstIndex the first word's number; the others count up from it
     * @param seed decides lengths and pauses
     */
    public static SpokenAudio speak(int sampleRate, int firstIndex, int words, long seed) {
        Random random = new Random(seed);
        List<Spoken> spoken = new ArrayList<>();
        long atMillis = between(random, MIN_PAUSE_MILLIS, MAX_PAUSE_MILLIS);
        int untilPause = 3 + random.nextInt(6);
        for (int i = 0; i < words; i++) {
            long endMillis = atMillis + between(random, MIN_WORD_MILLIS, MAX_WORD_MILLIS);
            spoken.add(new Spoken(firstIndex + i, atMillis, endMillis));
            boolean pause = --untilPause == 0;
            if (pause) {
                untilPause = 3 + random.nextInt(6);
            }
            atMillis = endMillis
                    + (pause
                            ? between(random, MIN_PAUSE_MILLIS, MAX_PAUSE_MILLIS)
                            : between(random, MIN_GAP_MILLIS, MAX_GAP_MILLIS));
        }
        return of(sampleRate, spoken, atMillis + MIN_PAUSE_MILLIS);
    }

    /** Words of one length without a pause, from the first sample to the last. */
    public static SpokenAudio evenly(int sampleRate, int firstIndex, int words, int wordMillis) {
        List<Spoken> spoken = IntStream.range(0, words)
                .mapToObj(i -> new Spoken(firstIndex + i, (long) i * wordMillis, (i + 1L) * wordMillis))
                .toList();
        return of(sampleRate, spoken, (long) words * wordMillis);
    }

    /** Certain words at certain places. */
    public static SpokenAudio of(int sampleRate, List<Spoken> words, long totalMillis) {
        short[] samples = new short[Math.toIntExact(totalMillis * sampleRate / 1000)];
        for (Spoken word : words) {
            if (word.index() < 0 || word.index() >= MAX_WORDS) {
                throw new IllegalArgumentException("word " + word.index() + "; allowed: 0 to " + (MAX_WORDS - 1));
            }
            short lengthMillis = (short) (word.endMillis() - word.startMillis());
            short[] cell = {MARK, -MARK, (short) word.index(), lengthMillis, check(word.index(), lengthMillis)};
            int from = Math.toIntExact(word.startMillis() * sampleRate / 1000);
            int to = Math.toIntExact(word.endMillis() * sampleRate / 1000);
            for (int i = from; i < to; i++) {
                samples[i] = cell[(i - from) % CELL_SAMPLES];
            }
        }
        ByteBuffer pcm = ByteBuffer.allocate(samples.length * 2).order(ByteOrder.LITTLE_ENDIAN);
        pcm.asShortBuffer().put(samples);
        return new SpokenAudio(sampleRate, pcm.array(), words);
    }

    static short check(int index, int lengthMillis) {
        return (short) ((index * 31 + lengthMillis * 7) ^ 0x2a55);
    }

    /** How long it is. */
    public long millis() {
        return (long) pcm.length / 2 * 1000 / sampleRate;
    }

    /** The audio from one time to another, cut to what there is. */
    public byte[] slice(long fromMillis, long toMillis) {
        int from = (int) Math.min(pcm.length, fromMillis * sampleRate / 1000 * 2);
        int to = (int) Math.min(pcm.length, toMillis * sampleRate / 1000 * 2);
        return Arrays.copyOfRange(pcm, from, to);
    }

    /** The audio in pieces of a length, the last one shorter. */
    public List<byte[]> frames(int frameMillis) {
        List<byte[]> frames = new ArrayList<>();
        for (long at = 0; at < millis(); at += frameMillis) {
            frames.add(slice(at, at + frameMillis));
        }
        return frames;
    }

    private static int between(Random random, int least, int most) {
        return least + random.nextInt(most - least + 1);
    }
}
