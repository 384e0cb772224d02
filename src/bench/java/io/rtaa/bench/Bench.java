package io.rtaa.bench;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The benchmark's driver, started by {@code mvn -Pbench verify}; docs/performance.md says what it measures and how to
 * read it.
 */
public final class Bench {

    private static final Path DIRECTORY = Path.of("target", "bench");

    private Bench() {}

    /** Exit code 0: measured; 1: void, or words were lost; 2: wrong settings. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BenchSettings settings;
        try {
            settings = BenchSettings.read(System::getProperty);
        } catch (IllegalArgumentException e) {
            out.println(e.getMessage());
            System.exit(2);
            return;
        }
        // Whatever ends the driver, nothing that it started stays behind.
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly)));
        Files.createDirectories(DIRECTORY);
        Path directory =
                Files.createTempDirectory(DIRECTORY, settings.mode().name().toLowerCase(java.util.Locale.ROOT));
        System.exit(run(settings, directory, new Report(out)) ? 0 : 1);
    }

    private static boolean run(BenchSettings settings, Path directory, Report report) throws Exception {
        report.line("logs are in %s", directory);
        return switch (settings.mode()) {
            case PAIRS -> new PairsRun(settings, directory, report).run();
            case KNEE -> new KneeRun(settings, directory, report).run();
            case SOAK -> new SoakRun(settings, directory, report).run();
            case JMH -> Measures.run(System.getProperty("jmh", ""), directory);
            case SIZE -> new SizeRun(settings, directory, report).run();
        };
    }
}
