package io.rtaa.call;

/**
 * The last message of a stream.
 *
 * @param stream the stream
 * @param number the place of this message in its stream
 * @param totalSamples the samples the stream had altogether
 * @param reason why it ended
 * @param leg see {@link AudioMessage#leg}
 */
public record CallEnd(StreamId stream, long number, long totalSamples, EndReason reason, long leg)
        implements AudioMessage {}
