package io.rtaa.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every word of every call once and in order, whatever dies. The profile {@code cluster} plays every {@link Scenario} on every
 * {@link Bus} with many calls; docs/testing.md says how to pick some.
 */
class NoWordLostInAClusterIT {

    private static final String SOME = "workers_fail_in_turn:redis,worker_killed:kafka";

    /** {@code scenario:bus}, separated by commas, or {@code all}. */
    private static final String RUNS = System.getProperty("cluster.runs", SOME);

    private static final int CALLS = Integer.getInteger("cluster.calls", 10);
    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("cluster.seconds", 50));
    private static final Path DIRECTORY = Path.of("target", "cluster");

    private static final List<String> TABLE = new CopyOnWriteArrayList<>();

    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource("runs")
    @Execution(ExecutionMode.CONCURRENT)
    void everyWordIsThereOnceAndInOrder(Scenario scenario, Bus bus) throws Exception {
        Path directory = DIRECTORY.resolve((scenario.name() + "-" + bus.name()).toLowerCase(Locale.ROOT));
        Outcome outcome = new Run(scenario, bus, CALLS, LENGTH, directory).play();
        TABLE.add(outcome.row());
        outcome.assertAsExpected();
    }

    static Stream<Arguments> runs() {
        if (RUNS.equals("all")) {
            return Arrays.stream(Bus.values())
                    .flatMap(bus -> Arrays.stream(Scenario.values()).map(scenario -> Arguments.of(scenario, bus)));
        }
        return Arrays.stream(RUNS.toUpperCase(Locale.ROOT).split(","))
                .map(run -> run.strip().split(":"))
                .map(run -> Arguments.of(Scenario.valueOf(run[0]), Bus.valueOf(run[1])));
    }

    @AfterAll
    static void printTable() {
        System.out.printf("%n%s%n%s%n", Outcome.HEADER, String.join(System.lineSeparator(), TABLE));
    }
}
