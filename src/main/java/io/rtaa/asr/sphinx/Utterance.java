package io.rtaa.asr.sphinx;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One utterance's audio on its way from the call to a decoder, while it is being spoken.
 *
 * <p>Not bounded by itself: the connection bounds all audio it keeps, see {@link SphinxOptions#maxBacklog}.
 *
 * <p>Thread-safety: one thread adds and ends, another takes. Where and how it ended is for the first.
 */
final class Utterance {

    private static final float[] END = {};

    private final long startSample;
    private final BlockingQueue<float[]> audio = new LinkedBlockingQueue<>();
    private volatile boolean abandoned;
    private long endSample;
    private boolean atPause;

    /** @param startSample where it begins, in 16 kHz samples of the call */
    Utterance(long startSample) {
        this.startSample = startSample;
        this.endSample = startSample;
    }

    long startSample() {
        return startSample;
    }

    /** Where it ended, once it has. */
    long endSample() {
        return endSample;
    }

    /** Whether it ended with a pause of the speaker, once it has ended. */
    boolean endedAtPause() {
        return atPause;
    }

    void add(float[] samples) {
        audio.add(samples);
    }

    void end(long sample, boolean paused) {
        endSample = sample;
        atPause = paused;
        audio.add(END);
    }

    /** Nobody wants to know any more: the decoder finds its end at once. */
    void abandon() {
        abandoned = true;
        audio.clear();
        audio.add(END);
    }

    /**
     * Waits for the next samples.
     *
     * @return null at the end
     */
    float @Nullable [] take(Duration patience, Runnable starved) throws InterruptedException {
        float[] samples = audio.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        while (samples == null) {
            starved.run();
            samples = audio.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        }
        return samples.length == 0 || abandoned ? null : samples;
    }
}
