package io.rtaa.call;

/**
 * A piece of a stream's audio, usually 100 to 200 ms. A window without audio says that a silent stream is still there.
 *
 * @param stream the stream
 * @param number the place of this message in its stream; the first window has 1
 * @param firstSample the number of samples of this stream that came before this window
 * @param sampleRate samples a second
 * @param pcm the audio in the form of {@link AudioFormat}, a whole number of samples; not copied, so whoever makes a
 *     window hands the array over and whoever reads it leaves it as it is
 * @param leg see {@link AudioMessage#leg}
 */
@SuppressWarnings("ArrayRecordComponent") // A window is carried, never compared: its identity is stream and number.
public record AudioWindow(StreamId stream, long number, long firstSample, int sampleRate, byte[] pcm, long leg)
        implements AudioMessage {

    /** A window of a leg that is not known. */
    public AudioWindow(StreamId stream, long number, long firstSample, int sampleRate, byte[] pcm) {
        this(stream, number, firstSample, sampleRate, pcm, 0);
    }

    public AudioWindow {
        if (pcm.length % AudioFormat.BYTES_PER_SAMPLE != 0) {
            throw new IllegalArgumentException("a window of " + pcm.length + " bytes is not a whole number of samples");
        }
    }

    public int samples() {
        return pcm.length / AudioFormat.BYTES_PER_SAMPLE;
    }

    /** The number of the first sample after this window. */
    public long endSample() {
        return firstSample + samples();
    }

    /** Names the window and its size; never its audio. */
    @Override
    public String toString() {
        return "AudioWindow[" + stream + " #" + number + " samples " + firstSample + ".." + endSample() + " at "
                + sampleRate + " Hz]";
    }
}
