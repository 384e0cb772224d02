package io.rtaa.call;

/**
 * Another process has the stream now: whoever recognises it here stops at once and publishes nothing more of it.
 *
 * @param stream the stream
 */
public record CallRelease(StreamId stream) implements AudioMessage {

    /** Not one of the stream's own messages. */
    @Override
    public long number() {
        return 0;
    }

    /** All of the stream's. */
    @Override
    public long leg() {
        return 0;
    }
}
