package io.rtaa.bench;

import io.rtaa.bench.load.Script;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Looks for the most calls that rtaa takes with everything on this machine, and how it is at 80 % of them. */
final class KneeRun {

    private static final int MOST_CALLS = 20_000;
    private static final double BELOW_KNEE = 0.8;

    private final BenchSettings settings;
    private final Path directory;
    private final Report report;
    private final VoidRules rules;

    KneeRun(BenchSettings settings, Path directory, Report report) {
        this.settings = settings;
        this.directory = directory;
        this.report = report;
        this.rules = new VoidRules(settings.late(), settings.foreignPercent());
    }

    boolean run() throws Exception {
        boolean found = true;
        for (MeasuredBus bus : settings.buses()) {
            for (int frame : settings.frames()) {
                found &= find(bus, new Script(frame)).isPresent();
            }
        }
        return found;
    }

    private OptionalInt find(MeasuredBus bus, Script script) throws Exception {
        report.line("");
        report.line("== %s bus, %d ms frames", bus.settingName(), script.frameMillis());
        try (Rig rig = new Rig(directory.resolve(bus.settingName() + "-" + script.frameMillis()), script)) {
            BenchSystem rtaa = rig.startRtaa(bus, settings.jar());
            report.turn("warm-up", rig.turn(rtaa, new Load(settings.calls(), script, settings.warmup())));
            OptionalInt knee = KneeSearch.mostClean(
                    settings.calls(), settings.step(), MOST_CALLS, calls -> isClean(rig, rtaa, calls));
            if (knee.isEmpty()) {
                report.line("not clean at %d calls, the fewest tried", settings.calls());
                return knee;
            }
            report.line("the knee: clean at %d calls, not at %d", knee.getAsInt(), knee.getAsInt() + settings.step());
            int below = (int) Math.round(knee.getAsInt() * BELOW_KNEE);
            report.turn("at 80 %: " + below, rig.turn(rtaa, new Load(below, script, settings.measured())));
            report.verdict(settings.shortcomings());
            return knee;
        }
    }

    private boolean isClean(Rig rig, BenchSystem rtaa, int calls) {
        Turn turn;
        try {
            turn = rig.turn(rtaa, new Load(calls, rig.script(), settings.measured()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        report.turn(calls + " calls:", turn);
        List<String> reasons = new ArrayList<>(rules.of(turn));
        if (!turn.verdict().isClean()) {
            reasons.add(turn.verdict().toString());
        }
        reasons.addAll(turn.faults());
        if (turn.addedMillis(99) > settings.p99().toMillis()) {
            reasons.add("the added p99 is above " + settings.p99().toMillis() + " ms");
        }
        report.line("%d calls: %s", calls, reasons.isEmpty() ? "clean" : "not clean: " + String.join("; ", reasons));
        return reasons.isEmpty();
    }
}
