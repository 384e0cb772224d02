package io.rtaa.call;

/**
 * A failure that says nothing against the event in hand: what a step needs is away, slow, full or not ready yet. The
 * same event passes once that is over, so that a route tries it again without end.
 */
public interface Outage {

    /** Whether this very failure is one; true unless an exception tells several things apart. */
    default boolean isOutage() {
        return true;
    }
}
