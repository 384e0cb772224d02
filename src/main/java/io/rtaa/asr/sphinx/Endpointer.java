package io.rtaa.asr.sphinx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Cuts a stream of 16 kHz audio into utterances and the silence between them by its loudness, as it comes. Every sample
 * belongs to exactly one of them, in order.
 *
 * <p>Loudness is measured in frames of 10 ms, free of any constant offset, against a noise floor: the quietest moment of
 * the last {@value #FLOOR_BLOCKS} half seconds. Speech pauses often enough for that to find the noise between the words,
 * and a steady sound stops passing for speech after as long.
 *
 * <pre>
 *   silence ──5 of 8 frames loud──▶ utterance (begins 250 ms before the first of them)
 *      ▲                               │
 *      └────500 ms not loud────────────┤  ends at a pause
 *                                      └─ 8 s long: cut at its quietest point in the last 1.5 s, and a new one begins
 * </pre>
 *
 * <p>Thread-safety: one thread at a time; the sink is called on that thread.
 */
final class Endpointer {

    /** Hears what the audio is made of, in order and without holes. All positions count 16 kHz samples from the start. */
    interface Sink {

        /** Nobody speaks in these samples. */
        void silence(long fromSample, long toSample);

        /** An utterance begins; its audio follows. */
        void utteranceBegins(long sample);

        /** The next samples of the utterance; the array is the sink's to keep. */
        void audio(float[] samples);

        /**
         * The utterance is over.
         *
         * @param sample where it ended; what follows begins here
         * @param atPause whether the speaker paused; else it was cut
         */
        void utteranceEnds(long sample, boolean atPause);
    }

    /** Samples in a frame: 10 ms. */
    static final int FRAME = 160;

    /** The longest utterance: what is longer is cut. A decoder's memory and delay grow with it. */
    static final long MAX_UTTERANCE_SAMPLES = 8 * 16_000;

    /** How much silence is told of at a time, at least. */
    static final long SILENCE_SAMPLES = 2 * 16_000;

    private static final int PRE_ROLL_FRAMES = 25;
    private static final int HANG_OVER_FRAMES = 50;
    private static final int ONSET_WINDOW_FRAMES = 8;
    private static final int ONSET_LOUD_FRAMES = 5;
    private static final int MAX_UTTERANCE_FRAMES = (int) (MAX_UTTERANCE_SAMPLES / FRAME);
    /** The last frames of a long utterance wait here, as it may be cut among them. */
    private static final int CUT_WINDOW_FRAMES = 150;
    /** A cut is judged by this many frames around it, so that one does not fall into a stop consonant. */
    private static final int CUT_SMOOTHING_FRAMES = 6;

    private static final int FLOOR_BLOCK_FRAMES = 50;
    private static final int FLOOR_BLOCKS = 6;
    /** What the noise is taken to be before any was heard. */
    private static final double FIRST_FLOOR_DB = -50;
    /** Quieter noise than a coder's idle noise tells nothing, louder is not noise (dB below full scale). */
    private static final double LOWEST_FLOOR_DB = -70;

    private static final double HIGHEST_FLOOR_DB = -12;
    /** How far above the noise speech begins, and how far it may sink before it counts as a pause. */
    private static final double BEGIN_MARGIN_DB = 9;

    private static final double STAY_MARGIN_DB = 6;
    /** How much a rising power keeps of the last frame's: a click of one frame is not speech. A falling one is taken as it is. */
    private static final double SMOOTHING = 0.6;

    private static final double FULL_SCALE_POWER = 32768.0 * 32768.0;

    /** 10 ms of audio and what is thought of them. */
    private static final class Frame {
        final float[] samples;
        final double levelDb;
        final boolean loud;

        Frame(float[] samples, double levelDb, boolean loud) {
            this.samples = samples;
            this.levelDb = levelDb;
            this.loud = loud;
        }
    }

    private final Sink sink;
    private final float[] partialFrame = new float[FRAME];
    private int partialLength;
    private long received;

    /** In silence the frames an utterance might begin with; in an utterance those that were not handed on yet. */
    private final Deque<Frame> waiting = new ArrayDeque<>();

    private boolean speaking;
    /** Where the silence or utterance that goes on began. */
    private long begun;

    private int utteranceFrames;
    private int quietFrames;

    private double smoothedPower;
    private final double[] blockFloors = new double[FLOOR_BLOCKS];
    private int blockFrames;

    Endpointer(Sink sink) {
        this.sink = sink;
        Arrays.fill(blockFloors, Double.POSITIVE_INFINITY);
        blockFloors[0] = FIRST_FLOOR_DB;
    }

    /** Takes the next samples, as signed 16-bit values. */
    void accept(float[] samples) {
        for (int taken = 0; taken < samples.length; ) {
            int length = Math.min(FRAME - partialLength, samples.length - taken);
            System.arraycopy(samples, taken, partialFrame, partialLength, length);
            partialLength += length;
            taken += length;
            received += length;
            if (partialLength == FRAME) {
                partialLength = 0;
                frame(partialFrame.clone());
            }
        }
    }

    /** Ends what goes on with the last sample received: an utterance is cut, silence is told of. */
    void cut() {
        finish(false);
    }

    /** Like {@link #cut}, where no more audio comes: an utterance that goes on has come to its end. */
    void end() {
        finish(true);
    }

    private void finish(boolean atPause) {
        if (speaking) {
            handOn(waiting.size());
            if (partialLength > 0) {
                sink.audio(Arrays.copyOf(partialFrame, partialLength));
            }
            endUtterance(received, atPause);
        } else if (received > begun) {
            sink.silence(begun, received);
            begun = received;
        }
        partialLength = 0;
        waiting.clear();
    }

    private void frame(float[] samples) {
        double level = measure(samples);
        double floor = floor();
        if (speaking) {
            inUtterance(new Frame(samples, level, level > floor + STAY_MARGIN_DB));
        } else {
            inSilence(new Frame(samples, level, level > floor + BEGIN_MARGIN_DB));
        }
    }

    private void inSilence(Frame frame) {
        waiting.addLast(frame);
        if (isOnset()) {
            beginUtterance();
            return;
        }
        if (waiting.size() > PRE_ROLL_FRAMES + ONSET_WINDOW_FRAMES) {
            waiting.removeFirst();
        }
        long free = received - (long) waiting.size() * FRAME;
        if (free - begun >= SILENCE_SAMPLES) {
            sink.silence(begun, free);
            begun = free;
        }
    }

    private boolean isOnset() {
        return waiting.stream()
                        .skip(Math.max(0, waiting.size() - ONSET_WINDOW_FRAMES))
                        .filter(frame -> frame.loud)
                        .count()
                >= ONSET_LOUD_FRAMES;
    }

    private void beginUtterance() {
        // The frames before the pre-roll are still silence.
        int last = waiting.size() - 1;
        int firstLoud = Math.max(0, last - ONSET_WINDOW_FRAMES + 1);
        for (int spare = firstLoud - PRE_ROLL_FRAMES; spare > 0; spare--) {
            waiting.removeFirst();
        }
        long start = received - (long) waiting.size() * FRAME;
        if (start > begun) {
            sink.silence(begun, start);
        }
        startUtteranceAt(start);
        handOn(waiting.size());
    }

    private void startUtteranceAt(long sample) {
        speaking = true;
        begun = sample;
        utteranceFrames = waiting.size();
        quietFrames = 0;
        sink.utteranceBegins(sample);
    }

    private void inUtterance(Frame frame) {
        waiting.addLast(frame);
        utteranceFrames++;
        quietFrames = frame.loud ? 0 : quietFrames + 1;
        if (quietFrames >= HANG_OVER_FRAMES) {
            handOn(waiting.size());
            endUtterance(received, true);
        } else if (utteranceFrames >= MAX_UTTERANCE_FRAMES) {
            cutAtQuietestPoint();
        } else if (utteranceFrames <= MAX_UTTERANCE_FRAMES - CUT_WINDOW_FRAMES) {
            handOn(waiting.size());
        }
    }

    private void cutAtQuietestPoint() {
        int stillQuiet = quietFrames;
        handOn(quietest(new ArrayList<>(waiting)));
        endUtterance(received - (long) waiting.size() * FRAME, false);
        startUtteranceAt(begun);
        quietFrames = Math.min(stillQuiet, waiting.size());
        handOn(waiting.size());
    }

    /** How many of the frames come before their quietest point; at least one, and not all. */
    private static int quietest(List<Frame> frames) {
        int best = 1;
        double bestLevel = Double.POSITIVE_INFINITY;
        int half = CUT_SMOOTHING_FRAMES / 2;
        for (int i = half; i + half <= frames.size(); i++) {
            double level = 0;
            for (Frame near : frames.subList(i - half, i + half)) {
                level += near.levelDb;
            }
            if (level < bestLevel) {
                bestLevel = level;
                best = i;
            }
        }
        return best;
    }

    private void handOn(int frames) {
        if (frames == 0) {
            return;
        }
        float[] samples = new float[frames * FRAME];
        for (int i = 0; i < frames; i++) {
            System.arraycopy(waiting.removeFirst().samples, 0, samples, i * FRAME, FRAME);
        }
        sink.audio(samples);
    }

    private void endUtterance(long sample, boolean atPause) {
        speaking = false;
        begun = sample;
        sink.utteranceEnds(sample, atPause);
    }

    /** The frame's level in dB below full scale; also teaches the noise floor. */
    private double measure(float[] samples) {
        double sum = 0;
        double squares = 0;
        for (float sample : samples) {
            sum += sample;
            squares += (double) sample * sample;
        }
        double power = Math.max(0, squares - sum * sum / samples.length) / samples.length;
        smoothedPower = Math.min(power, SMOOTHING * smoothedPower + (1 - SMOOTHING) * power);
        double level = 10 * Math.log10(smoothedPower / FULL_SCALE_POWER + 1e-12);
        if (blockFrames == FLOOR_BLOCK_FRAMES) {
            blockFrames = 0;
            System.arraycopy(blockFloors, 0, blockFloors, 1, FLOOR_BLOCKS - 1);
            blockFloors[0] = Double.POSITIVE_INFINITY;
        }
        blockFrames++;
        blockFloors[0] = Math.min(blockFloors[0], level);
        return level;
    }

    private double floor() {
        double quietest = Arrays.stream(blockFloors).min().orElse(FIRST_FLOOR_DB);
        return Math.max(LOWEST_FLOOR_DB, Math.min(HIGHEST_FLOOR_DB, quietest));
    }
}
