package io.rtaa.bench;

import io.rtaa.bench.machine.MeasuredRtaa;
import io.rtaa.bench.machine.ProcessUse;
import io.rtaa.testsupport.Image;
import io.rtaa.testsupport.JavaCommand;
import io.rtaa.testsupport.cluster.RtaaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/** How long rtaa takes to be healthy, what it takes of memory then, and what its jar is made of. */
final class SizeRun {

    private static final int STARTS = 5;
    private static final int IDLE_SECONDS = 20;
    private static final int LISTED = 40;
    private static final int NO_RECOGNISER = 1;
    private static final Map<String, String> EMBEDDED = Map.of("ASR_PROVIDER", "sphinx");
    private static final double MEBI = 1024 * 1024;

    private final BenchSettings settings;
    private final Path directory;
    private final Report report;

    SizeRun(BenchSettings settings, Path directory, Report report) {
        this.settings = settings;
        this.directory = directory;
        this.report = report;
    }

    boolean run() throws Exception {
        report.line("from the jar:");
        List<String> fromJar = JavaCommand.withDefaults().jar(settings.jar());
        starts(i -> MeasuredRtaa.of("rtaa", directory.resolve("start-" + i), fromJar, NO_RECOGNISER, EMBEDDED));
        Image image = Image.of(settings.jar(), directory.resolve("image"));
        report.line("as the Dockerfile has it:");
        starts(i -> MeasuredRtaa.of("rtaa", image.directory(), image.command(), NO_RECOGNISER, EMBEDDED));
        contents();
        return true;
    }

    private void starts(IntFunction<RtaaProcess> server) throws InterruptedException {
        report.line(
                "| start | s to /health 200 | CPU s until then | resident MiB then | resident MiB after %d s |",
                IDLE_SECONDS);
        report.line("|---|---|---|---|---|");
        for (int i = 1; i <= STARTS; i++) {
            try (RtaaProcess rtaa = server.apply(i)) {
                long before = System.nanoTime();
                rtaa.start();
                double seconds = (System.nanoTime() - before) / 1e9;
                double cpuSeconds = ProcessUse.cpuMillis(rtaa.pid()) / 1000.0;
                long resident = ProcessUse.residentKib(rtaa.pid());
                TimeUnit.SECONDS.sleep(IDLE_SECONDS);
                report.line(
                        "| %d | %.2f | %.2f | %d | %d |",
                        i, seconds, cpuSeconds, resident / 1024, ProcessUse.residentKib(rtaa.pid()) / 1024);
            }
        }
        report.line("");
    }

    private void contents() throws IOException {
        report.line("the jar: %.1f MiB", Files.size(settings.jar()) / MEBI);
        try (JarFile jar = new JarFile(settings.jar().toFile())) {
            List<JarEntry> largest = jar.stream()
                    .sorted(Comparator.comparingLong(JarEntry::getCompressedSize)
                            .reversed())
                    .collect(Collectors.toList());
            report.line("| MiB | of it |");
            report.line("|---|---|");
            largest.stream()
                    .limit(LISTED)
                    .forEach(entry -> report.line("| %.2f | %s |", entry.getCompressedSize() / MEBI, entry.getName()));
            double rest = largest.stream()
                    .skip(LISTED)
                    .mapToLong(JarEntry::getCompressedSize)
                    .sum();
            report.line("| %.2f | %d others |", rest / MEBI, Math.max(0, largest.size() - LISTED));
        }
    }
}
