package io.rtaa.call;

/**
 * Something about a stream's audio that those who read its transcript have to know, said where the audio comes in: the
 * recogniser makes a {@code status} event of it.
 *
 * @param stream the stream
 * @param number the place of this message in its stream
 * @param sample the number of samples of this stream that came before
 * @param sampleRate samples a second
 * @param failed whether the stream ends for this reason; else its state is what it was
 * @param text what happened, for people to read
 * @param leg see {@link AudioMessage#leg}
 */
public record CallNote(StreamId stream, long number, long sample, int sampleRate, boolean failed, String text, long leg)
        implements AudioMessage {}
