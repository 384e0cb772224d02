package io.rtaa.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Whether a soak stayed as it was: its last quarter is held against the one before. The first half does not count, as
 * it takes ten minutes until as many ended calls are forgotten as come.
 */
final class SoakVerdict {

    /** Resident memory may grow so much from quarter to quarter: a heap breathes. */
    static final double MOST_GROWTH = 1.05;

    /** Lag is growing where it is both above this, milliseconds, and twice what it was. */
    static final double NO_LAG_MILLIS = 20;

    /**
     * A moment of a soak.
     *
     * @param residentKib resident memory
     * @param p99Millis added latency
     */
    record Sample(long residentKib, double p99Millis) {}

    private SoakVerdict() {}

    /** What grew; empty where nothing did. */
    static List<String> growth(List<Sample> samples) {
        List<String> growth = new ArrayList<>();
        double residentThird = quarter(samples, 2, Sample::residentKib);
        double residentFourth = quarter(samples, 3, Sample::residentKib);
        if (residentFourth > MOST_GROWTH * residentThird) {
            growth.add(String.format(
                    Locale.ROOT, "resident memory grew from %.0f to %.0f KiB", residentThird, residentFourth));
        }
        double lagThird = quarter(samples, 2, Sample::p99Millis);
        double lagFourth = quarter(samples, 3, Sample::p99Millis);
        if (lagFourth > NO_LAG_MILLIS && lagFourth > 2 * lagThird) {
            growth.add(String.format(Locale.ROOT, "the added p99 grew from %.1f to %.1f ms", lagThird, lagFourth));
        }
        return growth;
    }

    private static double quarter(List<Sample> samples, int quarter, ToDoubleFunction<Sample> value) {
        int from = samples.size() * quarter / 4;
        int to = samples.size() * (quarter + 1) / 4;
        return Medians.of(samples.subList(from, to), value);
    }
}
