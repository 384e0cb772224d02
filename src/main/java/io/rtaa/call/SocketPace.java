package io.rtaa.call;

import org.jspecify.annotations.Nullable;

/**
 * Hears from the step that reads a socket's messages how much audio they hold, so that the socket is read no faster than
 * its endpoint allows. Comes with {@link SocketEvent#OPEN} as {@link SocketHeaders#PACE}.
 *
 * <p>Thread-safety: the thread on which the socket's route runs, one message at a time. Neither method blocks.
 */
public interface SocketPace {

    /** Takes any amount of audio: of a caller that did not come by a websocket. */
    SocketPace UNLIMITED = new SocketPace() {
        @Override
        public void streamStarted() {
            // Nothing is measured.
        }

        @Override
        public @Nullable String audio(long nanos) {
            return null;
        }
    };

    /** A stream of audio starts on the socket; how far its audio is ahead of the time counts from now on. */
    void streamStarted();

    /**
     * The message that is read holds audio.
     *
     * @param nanos how long it takes to play, nanoseconds
     * @return what is wrong and what is allowed, for the peer to read, if the stream is too far ahead; else null
     */
    @Nullable
    String audio(long nanos);
}
