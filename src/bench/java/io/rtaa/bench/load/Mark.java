package io.rtaa.bench.load;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Written over the first samples of a frame that completes a final: which final, and when the frame was due. It travels
 * as audio, so it comes out wherever the audio comes out unchanged.
 *
 * @param call the call's number
 * @param index the final's place in its call, from 0
 * @param dueNanos when the frame was to be sent, on {@link System#nanoTime}'s clock, which processes of one Linux
 *     machine share
 */
public record Mark(int call, int index, long dueNanos) {

    /** Bytes it takes; the shortest frame is longer. */
    static final int BYTES = 28;

    private static final long MAGIC = 0x7a11_c0de_5eed_f1a6L;

    /** Writes it into the start of a frame. */
    void write(byte[] frame) {
        ByteBuffer.wrap(frame)
                .putLong(MAGIC)
                .putInt(call)
                .putInt(index)
                .putLong(dueNanos)
                .putInt(check());
    }

    /** The mark that stands at a place of some audio; null where there is none. */
    static @Nullable Mark read(byte[] audio, int at) {
        if (at + BYTES > audio.length) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(audio, at, BYTES);
        if (bytes.getLong() != MAGIC) {
            return null;
        }
        Mark mark = new Mark(bytes.getInt(), bytes.getInt(), bytes.getLong());
        return bytes.getInt() == mark.check() ? mark : null;
    }

    private int check() {
        return hashCode();
    }
}
