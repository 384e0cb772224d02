package io.rtaa.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The middle of several measurements: one that went astray does not move it. */
final class Medians {

    private Medians() {}

    /** @throws IllegalArgumentException if there is none */
    static double of(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("the median of nothing");
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    static <T> double of(List<T> items, ToDoubleFunction<T> value) {
        return of(items.stream().map(value::applyAsDouble).toList());
    }

    /**
     * The ratio of each turn to the one beside it, pair by pair, and of those the median: what drifts drifts for both.
     */
    static double ofRatios(List<Turn> turns, List<Turn> baseline) {
        if (turns.size() != baseline.size()) {
            throw new IllegalArgumentException(turns.size() + " turns beside " + baseline.size());
        }
        return of(IntStream.range(0, turns.size())
                .mapToObj(i -> turns.get(i).cost() / baseline.get(i).cost())
                .toList());
    }
}
