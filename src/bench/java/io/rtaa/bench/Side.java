package io.rtaa.bench;

import io.rtaa.bench.load.WordCount;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * All measured turns of one system, in order.
 *
 * @param turns at least one
 * @param memory what its calls take
 */
record Side(List<Turn> turns, MemoryUse memory) {

    /** Of the system, as its process is called. */
    String name() {
        return turns.get(0).system();
    }

    double cost() {
        return Medians.of(turns, Turn::cost);
    }

    /** The median cost of each process. */
    Map<String, Double> cpu() {
        Map<String, Double> medians = new LinkedHashMap<>();
        for (String process : turns.get(0).cpu().keySet()) {
            medians.put(process, Medians.of(turns, turn -> turn.cpu().getOrDefault(process, 0.0)));
        }
        return medians;
    }

    /** Over the finals of all turns. */
    double addedMillis(double percent) {
        Histogram all = turns.get(0).added().copy();
        turns.stream().skip(1).forEach(turn -> all.add(turn.added()));
        return all.getValueAtPercentile(percent) / 1000.0;
    }

    double allocatedBytesPerFrame() {
        return Medians.of(turns, Turn::allocatedBytesPerFrame);
    }

    WordCount verdict() {
        return turns.stream().map(Turn::verdict).reduce(WordCount.NONE, WordCount::plus);
    }

    /** Whether all words came once and no call was cut short. */
    boolean isClean() {
        return verdict().isClean()
                && turns.stream().allMatch(turn -> turn.faults().isEmpty());
    }
}
