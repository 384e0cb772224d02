package io.rtaa.call;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Brings audio of any caller's rate to 16000 samples a second, with a windowed-sinc filter in polyphase form: what lies
 * above the lower of the two Nyquist frequencies is removed.
 *
 * <p>Output keeps step with input: after n samples in, ⌊n · 16000 / rate⌋ samples have come out, however the input was
 * cut into pieces. The filter is causal, so sounds come out {@value #TAPS_PER_SIDE} sample times of the lower rate
 * late: 2 ms at most, a fifth of a recogniser's frame, and not made up for.
 *
 * <p>An output sample costs 32 multiplications, and up to 97 where the input has a higher rate: about 2 ms of a core
 * for a second of audio. Filters are shared.
 *
 * <p>Thread-safety: one thread at a time.
 */
public final class Resampler {

    /** The rate of the output, in samples a second. */
    public static final int OUTPUT_RATE = 16_000;

    /** Zero crossings of the sinc on each side of its middle: the transition band is about a tenth of the passband. */
    private static final int TAPS_PER_SIDE = 16;

    /** Where the passband ends, as a part of the lower Nyquist frequency; leaves room for the transition band. */
    private static final double CUTOFF = 0.92;

    /** Kaiser window shape; 7 gives about 70 dB in the stopband. */
    private static final double KAISER_BETA = 7;

    /** All usual rates need no more phases, 11025 the most of them. */
    private static final int MAX_PHASES = 640;

    /** A rate that would need more phases gets as many as this, and what lies between two of them is interpolated. */
    private static final int INTERPOLATED_PHASES = 512;

    /** Filters that are kept, at most 250 kB each: there are fewer usual rates, and callers may choose odd ones. */
    private static final int MAX_KEPT_FILTERS = 16;

    /** What is weighed at once, in samples: 20 ms of the highest rate. Longer input is taken piece by piece. */
    private static final int PIECE = 960;

    /** The filters by rate; the one that was asked for longest ago goes first. Guarded by itself. */
    private static final Map<Integer, Filter> FILTERS = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Filter> eldest) {
            return size() > MAX_KEPT_FILTERS;
        }
    };

    private final Filter filter;

    /** The last samples of the input so far, and behind them room for the next piece. */
    private final float[] line;

    private final int history;
    private long samplesIn;
    private long samplesOut;

    /**
     * @param inputRate samples a second, as {@link AudioCoding} allows
     * @throws IllegalArgumentException if the rate is out of that range
     */
    public Resampler(int inputRate) {
        if (inputRate < AudioCoding.MIN_SAMPLE_RATE || inputRate > AudioCoding.MAX_SAMPLE_RATE) {
            throw new IllegalArgumentException("sample rate " + inputRate + "; allowed: " + AudioCoding.MIN_SAMPLE_RATE
                    + " to " + AudioCoding.MAX_SAMPLE_RATE);
        }
        filter = filter(inputRate);
        // An output sample may be due up to one step later than the input sample it is nearest to.
        history = filter.weights[0].length + filter.down / filter.up + 1;
        line = new float[history + PIECE];
    }

    /**
     * Takes the next samples and gives those that are due.
     *
     * @return a new array; empty where the input was too short for a sample
     */
    public float[] resample(float[] input) {
        float[] output = new float[due(input.length)];
        int written = 0;
        for (int from = 0; from < input.length; from += PIECE) {
            int fresh = Math.min(PIECE, input.length - from);
            System.arraycopy(input, from, line, history, fresh);
            for (int left = due(fresh); left > 0; left--) {
                output[written++] = next();
            }
            forget(fresh);
        }
        return output;
    }

    /**
     * Takes the next samples as PCM in the form of {@link AudioFormat} and gives those that are due in the same form.
     *
     * @param pcm a whole number of samples
     * @return a new array; empty where the input was too short for a sample
     */
    public byte[] resample(byte[] pcm) {
        int samples = pcm.length / AudioFormat.BYTES_PER_SAMPLE;
        byte[] output = new byte[due(samples) * AudioFormat.BYTES_PER_SAMPLE];
        int written = 0;
        for (int from = 0; from < samples; from += PIECE) {
            int fresh = Math.min(PIECE, samples - from);
            for (int i = 0; i < fresh; i++) {
                int at = 2 * (from + i);
                line[history + i] = (short) ((pcm[at] & 0xFF) | (pcm[at + 1] << 8));
            }
            for (int left = due(fresh); left > 0; left--) {
                // What swings over the edges of a sample's range is cut off, not wrapped around.
                int sample = Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, Math.round(next())));
                output[written++] = (byte) sample;
                output[written++] = (byte) (sample >> 8);
            }
            forget(fresh);
        }
        return output;
    }

    /** How many samples are due once that many more have come. */
    private int due(int fresh) {
        return (int) ((samplesIn + fresh) * filter.up / filter.down - samplesOut);
    }

    /** The next sample that is due, of those in the line. */
    private float next() {
        long position = samplesOut * filter.down;
        samplesOut++;
        int newest = (int) (position / filter.up - samplesIn) + history;
        return filter.weigh(line, newest, position % filter.up);
    }

    /** The piece has been weighed: of the line, only its last samples are kept. */
    private void forget(int fresh) {
        samplesIn += fresh;
        System.arraycopy(line, fresh, line, 0, history);
    }

    /** Whether both use one filter in memory. */
    boolean sharesFilterWith(Resampler other) {
        return filter == other.filter;
    }

    private static Filter filter(int inputRate) {
        synchronized (FILTERS) {
            Filter kept = FILTERS.get(inputRate);
            if (kept != null) {
                return kept;
            }
        }
        // Not under the lock: it takes milliseconds, and calls of other rates need not wait.
        int divisor = greatestCommonDivisor(inputRate, OUTPUT_RATE);
        Filter filter = new Filter(OUTPUT_RATE / divisor, inputRate / divisor);
        synchronized (FILTERS) {
            FILTERS.put(inputRate, filter);
        }
        return filter;
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }

    /** The weights for one pair of rates; does not change. */
    private static final class Filter {

        private static final double KAISER_SCALE = besselI0(KAISER_BETA);

        private final int up;
        private final int down;
        private final int phases;

        /** {@code weights[p][k]} weighs the input sample k places back for an output at p/phases of an input step. */
        private final float[][] weights;

        Filter(int up, int down) {
            this.up = up;
            this.down = down;
            this.phases = up <= MAX_PHASES ? up : INTERPOLATED_PHASES;
            this.weights = up == down ? new float[][] {{1}} : weights();
        }

        /** @param step how far the output lies behind the newest input sample, in parts of {@link #up} */
        float weigh(float[] line, int newest, long step) {
            if (phases == up) {
                return weigh(line, newest, weights[(int) step]);
            }
            double phase = (double) step * phases / up;
            int before = (int) phase;
            float between = (float) (phase - before);
            return (1 - between) * weigh(line, newest, weights[before])
                    + between * weigh(line, newest, weights[before + 1]);
        }

        private static float weigh(float[] line, int newest, float[] weights) {
            float sum = 0;
            for (int k = 0; k < weights.length; k++) {
                sum += weights[k] * line[newest - k];
            }
            return sum;
        }

        private float[][] weights() {
            // Measured in samples of the lower rate, the filter is the same for all pairs of rates.
            double lowerSamplesPerInput = Math.min(1, (double) up / down);
            int taps = (int) Math.ceil(2 * TAPS_PER_SIDE / lowerSamplesPerInput) + 1;
            // The last phase, a whole step on, is there to interpolate towards.
            float[][] table = new float[phases == up ? phases : phases + 1][taps];
            for (int phase = 0; phase < table.length; phase++) {
                double sum = 0;
                for (int k = 0; k < taps; k++) {
                    double x = (k + (double) phase / phases) * lowerSamplesPerInput - TAPS_PER_SIDE;
                    double weight = sinc(CUTOFF * x) * kaiser(x / TAPS_PER_SIDE);
                    table[phase][k] = (float) weight;
                    sum += weight;
                }
                // Each phase passes a constant unchanged; else a constant would come out as a tone.
                for (int k = 0; k < taps; k++) {
                    table[phase][k] /= (float) sum;
                }
            }
            return table;
        }

        private static double sinc(double x) {
            return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
        }

        private static double kaiser(double x) {
            return Math.abs(x) > 1 ? 0 : besselI0(KAISER_BETA * Math.sqrt(1 - x * x)) / KAISER_SCALE;
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
    }
}
