package io.rtaa.bench;

import java.util.List;

/**
 * What alternating turns of two systems showed.
 *
 * @param load of every turn
 * @param baseline the bare relay, or another rtaa
 * @param rtaa what is compared with it, turn by turn
 * @param voidReasons why it counts for nothing; empty where it counts
 */
record Pairs(Load load, Side baseline, Side rtaa, List<String> voidReasons) {

    int size() {
        return rtaa.turns().size();
    }

    double ratio() {
        return Medians.ofRatios(rtaa.turns(), baseline.turns());
    }

    /** Whether it counts, and shows no fault of rtaa's. */
    boolean isGood() {
        return voidReasons.isEmpty() && rtaa.isClean();
    }
}
