package io.rtaa.cluster;

import io.rtaa.call.EndReason;

/** What becomes of the calls. */
enum Expectation {
    /** Every word of every call is told once, in order and in its place, and the call ends as its caller ended it. */
    EVERY_WORD(EndReason.CALLENDED),

    /** Every call ends as lost within 30 s, and every word said before is told once, in order and in its place. */
    CALLS_END_AS_LOST(EndReason.LOST);

    private final EndReason reason;

    Expectation(EndReason reason) {
        this.reason = reason;
    }

    /** Why the calls end. */
    EndReason reason() {
        return reason;
    }
}
