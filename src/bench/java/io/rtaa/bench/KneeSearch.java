package io.rtaa.bench;

import java.util.OptionalInt;
import java.util.function.IntPredicate;

/** Looks for the most calls that stay clean, going up until a number was not clean twice. */
final class KneeSearch {

    private KneeSearch() {}

    /**
     * @param first the first number tried
     * @param step added as long as it is clean
     * @param most no more than this is tried
     * @param isClean tries a number; a number that was not clean is tried once more
     * @return the last number that was clean; empty where the first one was not
     */
    static OptionalInt mostClean(int first, int step, int most, IntPredicate isClean) {
        OptionalInt clean = OptionalInt.empty();
        for (int calls = first; calls <= most && isCleanInTwoTries(calls, isClean); calls += step) {
            clean = OptionalInt.of(calls);
        }
        return clean;
    }

    private static boolean isCleanInTwoTries(int calls, IntPredicate isClean) {
        boolean first = isClean.test(calls);
        return first || isClean.test(calls);
    }
}
