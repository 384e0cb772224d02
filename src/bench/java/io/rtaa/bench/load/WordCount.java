package io.rtaa.bench.load;

/**
 * Whether every word arrived once.
 *
 * @param words how many were said
 * @param missing how many never came
 * @param doubled how often one came that had come before
 * @param extra how many came that were not said
 * @param outOfOrder how many came after a later one of their call
 */
public record WordCount(long words, long missing, long doubled, long extra, long outOfOrder) {

    /** Of no call at all. */
    public static final WordCount NONE = new WordCount(0, 0, 0, 0, 0);

    public boolean isClean() {
        return missing == 0 && doubled == 0 && extra == 0 && outOfOrder == 0;
    }

    public WordCount plus(WordCount other) {
        return new WordCount(
                words + other.words,
                missing + other.missing,
                doubled + other.doubled,
                extra + other.extra,
                outOfOrder + other.outOfOrder);
    }

    @Override
    public String toString() {
        return isClean()
                ? "all " + words + " words once"
                : missing + " of " + words + " words missing, " + doubled + " doubled, " + extra + " never said, "
                        + outOfOrder + " out of order";
    }
}
