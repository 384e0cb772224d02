package io.rtaa.call;

/** What the peers of an endpoint are there for. */
public enum PeerKind {
    /** Streams calls in. */
    CALLER,
    /** Reads transcripts. */
    VIEWER
}
