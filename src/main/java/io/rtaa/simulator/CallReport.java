package io.rtaa.simulator;

import org.jspecify.annotations.Nullable;

/**
 * What became of one call.
 *
 * @param streamSid the stream's id
 * @param callSid the call's id
 * @param connected whether the handshake succeeded
 * @param complete whether every frame and the stop were sent, or the call was hung up on this side
 * @param framesSent the media messages sent
 * @param bytesSent the bytes of audio in them
 * @param messagesReceived what the server sent; a Stream socket is to get nothing
 * @param closeCode the websocket close code; 1006 where the connection just went; null where it never was
 * @param refusalStatus the HTTP status of a refused handshake; null where none was refused
 * @param failure what went wrong; null where nothing did
 * @param lateness how late the frames were sent
 */
public record CallReport(
        String streamSid,
        String callSid,
        boolean connected,
        boolean complete,
        long framesSent,
        long bytesSent,
        long messagesReceived,
        @Nullable Integer closeCode,
        @Nullable Integer refusalStatus,
        @Nullable String failure,
        Lateness lateness) {

    /** Whether the call went as a call is to go. */
    public boolean succeeded() {
        return complete && failure == null && messagesReceived == 0;
    }
}
