package io.rtaa.edge.websocket;

/** Which thread runs a route for the events of a socket; either way they come one at a time and in order. */
public enum Dispatch {
    /** The socket's own event loop: cheapest, but the route must not block. */
    EVENT_LOOP,
    /** A thread of a pool that the endpoint alone uses, for routes that block; see {@link EndpointWorkers}. */
    WORKER
}
