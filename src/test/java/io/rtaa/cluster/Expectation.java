package io.rtaa.cluster;

/** What becomes of the calls. */
enum Expectation {
    /** Every word of every call is in the dashboard's events once and in order, and every call ends as its caller ended it. */
    EVERY_WORD,
    /** Every call ends as {@code lost} within 30 s, and every word up to the last step is there, once and in order. */
    CALLS_END_AS_LOST
}
