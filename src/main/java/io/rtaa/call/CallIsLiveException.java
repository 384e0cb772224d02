package io.rtaa.call;

/** A call cannot be erased, because it is live: it has not ended, or its id has started again. */
public final class CallIsLiveException extends IllegalArgumentException {

    public CallIsLiveException(StreamId stream) {
        super("call " + stream + " is live; allowed: calls that have ended");
    }
}
