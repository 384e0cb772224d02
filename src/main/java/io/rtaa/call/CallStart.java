package io.rtaa.call;

/** The first message of a stream. */
public record CallStart(CallInfo info) implements AudioMessage {

    @Override
    public StreamId stream() {
        return info.stream();
    }

    @Override
    public long leg() {
        return info.leg();
    }

    @Override
    public long number() {
        return 0;
    }
}
