package io.rtaa.call;

/** Why a websocket closed; goes with {@link SocketEvent#CLOSE}. */
public enum CloseCause {
    /** The peer sent a close frame. */
    PEER_CLOSED,
    /** The connection ended without a close frame. */
    PEER_DROPPED,
    /**
     * The server found the peer dead: its host acknowledged nothing, or nothing came from it for too long, no pong
     * either.
     */
    PEER_DEAD,
    /** The server closed the socket because the peer sent no message for too long. */
    IDLE,
    /** The server closed the socket because of a message that is too big, is no UTF-8 or breaks RFC 6455. */
    PROTOCOL_ERROR,
    /** The server closed the socket because the peer did not read what was sent to it. */
    SLOW_READER,
    /** The server closed the socket of a viewer because what the viewer proved itself with has expired. */
    EXPIRED,
    /** A route closed the socket by {@link SocketHeaders#CLOSE_CODE}. */
    ROUTE_CLOSED,
    /** The server closed the socket because its route failed on too many events in a row. */
    ROUTE_FAILED,
    /** The server closed the socket because its route stopped. */
    ROUTE_STOPPED
}
