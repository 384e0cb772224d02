package io.rtaa.bench.load;

/**
 * What callers say and when: at fixed frames a final is complete. Everybody who knows the script can tell which words a
 * call that sent so many frames must have brought.
 *
 * <p>Thread-safety: immutable.
 *
 * @param frameMillis the audio in a frame, milliseconds; divides {@link #FINAL_MILLIS}
 */
public record Script(int frameMillis) {

    /** Samples a second of every call. */
    public static final int SAMPLE_RATE = 8000;

    /** Audio between two finals of a call, milliseconds. */
    public static final int FINAL_MILLIS = 2000;

    /** Audio between two interim results of a call, milliseconds. */
    public static final int INTERIM_MILLIS = 1000;

    /** Words in a final. */
    public static final int WORDS = 5;

    /**
     * Shares no factor with the frames between finals, so that calls finish their finals at different frames of a
     * window.
     */
    private static final int STRIDE = 37;

    public Script {
        if (frameMillis < 1 || FINAL_MILLIS % frameMillis != 0) {
            throw new IllegalArgumentException(
                    "frames of " + frameMillis + " ms; allowed: what divides " + FINAL_MILLIS + " ms");
        }
    }

    /** Bytes of audio in a frame. */
    public int frameBytes() {
        return SAMPLE_RATE * frameMillis / 1000 * 2;
    }

    /** Nanoseconds between two frames of a call. */
    public long frameNanos() {
        return frameMillis * 1_000_000L;
    }

    /** Whether frame {@code frame} (from 0) of a call completes a final. */
    public boolean completesFinal(int call, long frame) {
        return (frame + 1 + offset(call)) % framesPerFinal() == 0;
    }

    /** How many finals the first {@code frames} frames of a call complete. */
    public int finalsIn(int call, long frames) {
        return (int) ((frames + offset(call)) / framesPerFinal());
    }

    private int offset(int call) {
        return (int) ((long) call * STRIDE % framesPerFinal());
    }

    private int framesPerFinal() {
        return FINAL_MILLIS / frameMillis;
    }
}
