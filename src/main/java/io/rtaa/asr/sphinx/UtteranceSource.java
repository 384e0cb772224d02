package io.rtaa.asr.sphinx;

import edu.cmu.sphinx.frontend.BaseDataProcessor;
import edu.cmu.sphinx.frontend.Data;
import edu.cmu.sphinx.frontend.DataEndSignal;
import edu.cmu.sphinx.frontend.DataStartSignal;
import edu.cmu.sphinx.frontend.DoubleData;
import io.rtaa.call.AudioFormat;
import io.rtaa.call.Resampler;
import java.time.Duration;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Where a decoder's audio comes from: one utterance after the other, each as it is being spoken. Positions stay those of
 * the call, so that the decoder's times are the call's.
 *
 * <p>Thread-safety: one thread at a time.
 */
final class UtteranceSource extends BaseDataProcessor {

    /** How long a call may stall in the middle of an utterance before its decoder is wanted back. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /**
     * Noise added to each sample, in steps of 16-bit audio. The model never heard digital silence, which lines that
     * suppress silence send, and takes it for words.
     */
    private static final double DITHER = 2;

    private SplittableRandom noise = new SplittableRandom(0);
    private Utterance utterance = new Utterance(0);
    private Runnable starved = () -> {};
    private boolean started;
    private long position;

    /** @param whenStarved told when the utterance's audio stays away, each time {@link #PATIENCE} has passed */
    void begin(Utterance next, Runnable whenStarved) {
        utterance = next;
        starved = whenStarved;
        position = next.startSample();
        // The same audio is understood the same way again, whichever worker it comes to.
        noise = new SplittableRandom(position);
        started = false;
    }

    /** Where the audio taken so far ends, in 16 kHz samples of the call. */
    long position() {
        return position;
    }

    @Override
    public Data getData() {
        if (!started) {
            started = true;
            return new DataStartSignal(Resampler.OUTPUT_RATE);
        }
        float[] samples = take();
        if (samples == null) {
            return new DataEndSignal(AudioFormat.millis(position - utterance.startSample(), Resampler.OUTPUT_RATE));
        }
        double[] values = new double[samples.length];
        for (int i = 0; i < samples.length; i++) {
            values[i] = samples[i] + DITHER * (2 * noise.nextDouble() - 1);
        }
        DoubleData data = new DoubleData(values, Resampler.OUTPUT_RATE, position);
        position += samples.length;
        return data;
    }

    private float @Nullable [] take() {
        try {
            return utterance.take(PATIENCE, starved);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
