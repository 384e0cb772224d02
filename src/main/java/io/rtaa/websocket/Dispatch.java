package io.rtaa.websocket;

/** Which thread runs a route for the events of a socket; either way they come one at a time and in order. */
public enum Dispatch {
    /** The socket's own event loop: cheapest, but the route must not block. */
    EVENT_LOOP,
    /** A thread of Vert.x' bounded worker pool, for routes that block. */
    WORKER
}
