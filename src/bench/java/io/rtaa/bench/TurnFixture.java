package io.rtaa.bench;

import io.rtaa.bench.load.Script;
import io.rtaa.bench.load.WordCount;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Turns as tests need them: all well, but for what is told. */
final class TurnFixture {

    private double cost = 1;
    private long lateMicros;
    private double foreignPercent;
    private double stolenPercent;
    private WordCount verdict = new WordCount(10, 0, 0, 0, 0);
    private List<String> faults = List.of();

    TurnFixture cost(double millis) {
        cost = millis;
        return this;
    }

    TurnFixture lateMicros(long micros) {
        lateMicros = micros;
        return this;
    }

    TurnFixture foreignPercent(double percent) {
        foreignPercent = percent;
        return this;
    }

    TurnFixture stolenPercent(double percent) {
        stolenPercent = percent;
        return this;
    }

    TurnFixture verdict(WordCount told) {
        verdict = told;
        return this;
    }

    TurnFixture faults(String... told) {
        faults = List.of(told);
        return this;
    }

    Turn turn() {
        Histogram lateness = new Histogram(3);
        lateness.recordValue(lateMicros);
        return new Turn(
                "rtaa",
                Load.steady(200, new Script(20), Duration.ofSeconds(20)),
                Map.of("rtaa", cost),
                Map.of(),
                new Histogram(3),
                new Histogram(3),
                lateness,
                verdict,
                0,
                faults,
                foreignPercent,
                stolenPercent);
    }
}
