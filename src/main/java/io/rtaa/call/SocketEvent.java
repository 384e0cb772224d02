package io.rtaa.call;

/** What happened on a websocket; a connection's events come one at a time: one OPEN, any MESSAGEs, one CLOSE. */
public enum SocketEvent {
    OPEN,
    /** The body is a {@link String} for a text message and a {@code byte[]} for a binary one. */
    MESSAGE,
    CLOSE
}
