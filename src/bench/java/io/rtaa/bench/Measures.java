package io.rtaa.bench;

import java.nio.file.Path;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs the JMH measures of single steps, each with the heap that an operation takes. */
final class Measures {

    private Measures() {}

    /** @param arguments as on JMH's own command line: a pattern of names, counts of iterations; empty for all */
    static boolean run(String arguments, Path directory) throws RunnerException, CommandLineOptionException {
        String[] words = arguments.isBlank() ? new String[0] : arguments.strip().split(" +");
        new Runner(new OptionsBuilder()
                        .parent(new CommandLineOptions(words))
                        .addProfiler(GCProfiler.class)
                        .resultFormat(ResultFormatType.JSON)
                        .result(directory.resolve("jmh.json").toString())
                        .build())
                .run();
        return true;
    }
}
