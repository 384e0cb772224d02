package io.rtaa.bench;

import java.util.OptionalInt;

/**
 * Looks for the most calls that a system carries cleanly: goes up by a tenth until a number was not clean twice.
 *
 * <p>Thread-safety: none.
 */
final class KneeSearch {

    /** No more calls than this are tried. */
    static final int MOST_CALLS = 20_000;

    private int next;
    private int clean;
    private boolean failedOnce;
    private boolean over;

    /** @param first the first number tried */
    KneeSearch(int first) {
        this.next = first;
    }

    /** Whether no number is left to try. */
    boolean isOver() {
        return over;
    }

    /** The number of calls to try next; not once it is over. */
    int next() {
        return next;
    }

    /** Takes how {@link #next} went. */
    void tried(boolean isClean) {
        if (isClean) {
            clean = next;
            next = Math.max(next + 1, (int) Math.round(next * 1.1));
            failedOnce = false;
            over = next > MOST_CALLS;
        } else {
            over = failedOnce;
            failedOnce = true;
        }
    }

    /** The last number that was clean; empty where the first one was not. */
    OptionalInt mostClean() {
        return clean == 0 ? OptionalInt.empty() : OptionalInt.of(clean);
    }
}
