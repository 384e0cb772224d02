package io.rtaa.asr.sphinx;

import io.rtaa.call.AudioFormat;
import java.util.Arrays;

/**
 * Brings audio to the 16000 samples a second that the recogniser's model was trained on, with a windowed-sinc filter in
 * polyphase form: what lies above the lower of the two Nyquist frequencies is removed.
 *
 * <p>Output keeps step with input: after n samples in, ⌊n · 16000 / rate⌋ samples have come out, however the input was
 * cut into pieces. The filter is causal, so sounds come out {@value #TAPS_PER_SIDE} input (at 8 kHz) or output (at
 * 24 kHz) sample times late: 2 ms at most, a fifth of the recogniser's frame, and not made up for.
 *
 * <p>Thread-safety: one thread at a time.
 */
final class Resampler {

    /** The rate of the output, in samples a second. */
    static final int OUTPUT_RATE = 16_000;

    /** Zero crossings of the sinc on each side of its middle: the transition band is about a tenth of the passband. */
    private static final int TAPS_PER_SIDE = 16;

    /** Where the passband ends, as a part of the lower Nyquist frequency; leaves room for the transition band. */
    private static final double CUTOFF = 0.92;

    /** Kaiser window shape; 7 gives about 70 dB in the stopband. */
    private static final double KAISER_BETA = 7;

    private final int up;
    private final int down;
    /** {@code phases[p][k]} weighs the input sample k places back for an output at p/up of an input step. */
    private final float[][] phases;

    private final float[] history;
    private long samplesIn;
    private long samplesOut;

    /** @param inputRate one of {@link AudioFormat#SAMPLE_RATES} */
    Resampler(int inputRate) {
        AudioFormat.requireSampleRate(inputRate);
        int divisor = greatestCommonDivisor(inputRate, OUTPUT_RATE);
        up = OUTPUT_RATE / divisor;
        down = inputRate / divisor;
        phases = up == down ? new float[][] {{1}} : filter(up, down);
        history = new float[phases[0].length];
    }

    /**
     * Takes the next samples and gives those that are due.
     *
     * @return a new array; empty where the input was too short for a sample
     */
    float[] resample(float[] input) {
        if (up == down) {
            return input.clone();
        }
        int taps = history.length;
        float[] line = Arrays.copyOf(history, taps + input.length);
        System.arraycopy(input, 0, line, taps, input.length);
        long due = (samplesIn + input.length) * up / down;
        float[] output = new float[(int) (due - samplesOut)];
        for (int i = 0; i < output.length; i++) {
            long position = (samplesOut + i) * down;
            int newest = (int) (position / up - samplesIn) + taps;
            output[i] = weigh(line, newest, phases[(int) (position % up)]);
        }
        samplesIn += input.length;
        samplesOut = due;
        System.arraycopy(line, line.length - taps, history, 0, taps);
        return output;
    }

    private static float weigh(float[] line, int newest, float[] weights) {
        float sum = 0;
        for (int k = 0; k < weights.length; k++) {
            sum += weights[k] * line[newest - k];
        }
        return sum;
    }

    private static float[][] filter(int up, int down) {
        // Designed at the common rate (input rate times up), where the lower Nyquist frequency is 1/(2·widest).
        int widest = Math.max(up, down);
        int half = TAPS_PER_SIDE * widest;
        int tapsPerPhase = (2 * half + up - 1) / up;
        float[][] phases = new float[up][tapsPerPhase];
        for (int phase = 0; phase < up; phase++) {
            double sum = 0;
            for (int k = 0; k < tapsPerPhase; k++) {
                double x = phase + (double) k * up - half;
                double weight = sinc(CUTOFF * x / widest) * kaiser(x / half);
                phases[phase][k] = (float) weight;
                sum += weight;
            }
            // Each phase passes a constant unchanged; else a constant would come out as a tone.
            for (int k = 0; k < tapsPerPhase; k++) {
                phases[phase][k] /= (float) sum;
            }
        }
        return phases;
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    }

    private static double kaiser(double x) {
        return Math.abs(x) > 1 ? 0 : besselI0(KAISER_BETA * Math.sqrt(1 - x * x)) / besselI0(KAISER_BETA);
    }

    /** The modified Bessel function of order zero, by its power series. */
    private static double besselI0(double x) {
        double term = 1;
        double sum = 1;
        for (int k = 1; term > sum * 1e-12; k++) {
            term *= (x / (2 * k)) * (x / (2 * k));
            sum += term;
        }
        return sum;
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }
}
