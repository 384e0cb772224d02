package io.rtaa.asr.sphinx;

/**
 * The mean cepstrum of one call: the sound of its line and microphone, which is taken off before recognition. It belongs
 * to the call and not to a decoder, as a decoder serves several.
 *
 * <p>Thread-safety: one thread at a time; a call's utterances are decoded one after the other.
 */
final class CepstralMean {

    /** How many frames (of 10 ms) of the past weigh in when an utterance begins: newer speech tells more. */
    private static final int MEMORY_FRAMES = 300;

    private double[] sum = {};
    private double frames;

    /** Whether anything was heard yet. */
    boolean isKnown() {
        return frames > 0;
    }

    /** Hears a frame. Those of no energy, which digital silence gives, say nothing. */
    void hear(double[] cepstrum) {
        if (cepstrum[0] < 0) {
            return;
        }
        if (sum.length == 0) {
            sum = new double[cepstrum.length];
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] += cepstrum[i];
        }
        frames++;
    }

    /** The mean as it is now, as a new array; zero while it is not known. */
    double[] mean(int length) {
        double[] mean = new double[length];
        for (int i = 0; i < Math.min(length, sum.length); i++) {
            mean[i] = sum[i] / frames;
        }
        return mean;
    }

    /** Lets what is long past weigh less. */
    void fade() {
        if (frames > MEMORY_FRAMES) {
            double keep = MEMORY_FRAMES / frames;
            for (int i = 0; i < sum.length; i++) {
                sum[i] *= keep;
            }
            frames = MEMORY_FRAMES;
        }
    }
}
