package io.rtaa.bench;

import io.rtaa.bench.load.Script;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Keeps rtaa under calls that come and go for a long time: nothing may grow, no word may be lost. */
final class SoakRun {

    private static final int SAMPLES = 60;
    private static final Duration SHORTEST_SAMPLE = Duration.ofSeconds(5);

    private final BenchSettings settings;
    private final Path directory;
    private final Report report;

    SoakRun(BenchSettings settings, Path directory, Report report) {
        this.settings = settings;
        this.directory = directory;
        this.report = report;
    }

    boolean run() throws Exception {
        boolean good = true;
        for (MeasuredBus bus : settings.buses()) {
            for (int frame : settings.frames()) {
                good &= soak(bus, new Script(frame));
            }
        }
        return good;
    }

    private boolean soak(MeasuredBus bus, Script script) throws Exception {
        report.line("");
        report.line(
                "== %s bus, %d calls of %d ms frames coming and going for %d min",
                bus.settingName(),
                settings.calls(),
                script.frameMillis(),
                settings.soak().toMinutes());
        try (Rig rig = new Rig(directory.resolve(bus.settingName() + "-" + script.frameMillis()), script)) {
            BenchSystem rtaa = rig.startRtaa(bus, settings.jar());
            rig.placeTraffic(rtaa, settings.calls(), settings.soak(), 1);
            List<SoakVerdict.Sample> samples = samples(rig, rtaa);
            Rig.Ended ended = rig.awaitEnd(rtaa);
            report.line("%s; calls cut short: %s", ended.verdict(), ended.faults());
            report.line("live heap after it: %d KiB", rtaa.jvm().liveHeapBytes() / 1024);
            List<String> growth = SoakVerdict.growth(samples);
            report.line(growth.isEmpty() ? "nothing grew" : String.join("; ", growth));
            return growth.isEmpty()
                    && ended.verdict().isClean()
                    && ended.faults().isEmpty();
        }
    }

    private List<SoakVerdict.Sample> samples(Rig rig, BenchSystem rtaa) throws InterruptedException {
        Duration each = settings.soak().dividedBy(SAMPLES);
        if (each.compareTo(SHORTEST_SAMPLE) < 0) {
            each = SHORTEST_SAMPLE;
        }
        int count = (int) (settings.soak().toMillis() / each.toMillis());
        report.line("| minute | resident MiB | added p50 / p99 ms | generator late p99.9 ms |");
        report.line("|---|---|---|---|");
        List<SoakVerdict.Sample> samples = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            Rig.Interval interval = rig.interval(rtaa, each);
            double p99 = interval.added().getValueAtPercentile(99) / 1000.0;
            report.line(
                    "| %.1f | %d | %.2f / %.2f | %.2f |",
                    each.multipliedBy(i).toMillis() / 60_000.0,
                    interval.residentKib() / 1024,
                    interval.added().getValueAtPercentile(50) / 1000.0,
                    p99,
                    interval.lateness().getValueAtPercentile(99.9) / 1000.0);
            samples.add(new SoakVerdict.Sample(interval.residentKib(), p99));
        }
        return samples;
    }
}
