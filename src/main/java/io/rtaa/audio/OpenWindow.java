package io.rtaa.audio;

import io.rtaa.call.AudioWindow;
import io.rtaa.call.LegEvent;
import java.util.Arrays;

/**
 * A window that is being filled: the body of the aggregated exchange until it completes. It has its number from its first
 * frame on, so that whichever thread completes it has nothing to order.
 *
 * <p>Thread-safety: used under the aggregator's lock, then by the thread that completed it.
 */
final class OpenWindow {

    private final LegEvent.Audio first;
    private final long number;
    private byte[] pcm;
    private int length;

    OpenWindow(LegEvent.Audio first, long number) {
        this.first = first;
        this.number = number;
        this.pcm = first.pcm();
        this.length = pcm.length;
    }

    /** Adds a frame; {@code usualBytes} is where the window closes, and what it is given room for when it first grows. */
    void add(LegEvent.Audio next, int usualBytes) {
        if (next.leg() != first.leg()) {
            throw new IllegalStateException("audio of " + next.leg() + " for a window of " + first.leg());
        }
        byte[] frame = next.pcm();
        int needed = length + frame.length;
        if (needed > pcm.length) {
            // Frames of one call are of one size: so many of them as it takes fill the array exactly.
            int frames = (usualBytes + frame.length - 1) / frame.length;
            pcm = Arrays.copyOf(pcm, Math.max(needed, frames * frame.length));
        }
        System.arraycopy(frame, 0, pcm, length, frame.length);
        length = needed;
    }

    int length() {
        return length;
    }

    AudioWindow close() {
        byte[] exact = length == pcm.length ? pcm : Arrays.copyOf(pcm, length);
        return new AudioWindow(
                first.leg().stream(),
                number,
                first.firstSample(),
                first.leg().sampleRate(),
                exact,
                first.leg().info().leg());
    }
}
