package io.rtaa.call;

import java.util.List;

/**
 * The one form audio has inside: signed 16-bit little-endian PCM, one channel, at one of three rates. Everything a
 * caller sends is turned into it where it enters, and all time is counted in its samples.
 */
public final class AudioFormat {

    /** Bytes a sample takes. */
    public static final int BYTES_PER_SAMPLE = 2;

    /** The rates telephony offers here, in samples a second. */
    public static final List<Integer> SAMPLE_RATES = List.of(8000, 16000, 24000);

    private AudioFormat() {}

    public static boolean isSampleRate(int sampleRate) {
        return SAMPLE_RATES.contains(sampleRate);
    }

    /** @throws IllegalArgumentException if the rate is none of {@link #SAMPLE_RATES} */
    public static int requireSampleRate(int sampleRate) {
        if (!isSampleRate(sampleRate)) {
            throw new IllegalArgumentException("sample rate " + sampleRate + "; allowed: " + SAMPLE_RATES);
        }
        return sampleRate;
    }

    /** The whole milliseconds that so many samples last, rounded down. */
    public static long millis(long samples, int sampleRate) {
        return samples * 1000 / sampleRate;
    }

    /** The samples in so many milliseconds; exact, as every rate is a multiple of 1000. */
    public static long samples(long millis, int sampleRate) {
        return millis * sampleRate / 1000;
    }
}
