package io.rtaa.bench;

import io.rtaa.bench.load.Script;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Finds how many calls this machine carries with the bare relay and with rtaa. Both are started and warmed up once and
 * then tried in turn with ever more calls, so that what drifts drifts for both. Then measures the latency of each at
 * half of what it carries, of one call alone, and of the first minute of a JVM that was just started.
 */
final class KneeRun {

    private static final Duration FIRST_MINUTE = Duration.ofMinutes(1);

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

    /** @return false where a system carries not even the fewest calls tried, or a word was lost below its knee */
    boolean run() throws Exception {
        List<Knee> knees = new ArrayList<>();
        boolean good = true;
        for (MeasuredBus bus : settings.buses()) {
            for (int frame : settings.frames()) {
                Knee knee = find(bus, new Script(frame));
                if (knee == null) {
                    good = false;
                } else {
                    knees.add(knee);
                    good &= knee.isClean();
                }
            }
        }
        report.knees(knees, settings.shortcomings());
        return good;
    }

    private @Nullable Knee find(MeasuredBus bus, Script script) throws Exception {
        report.line("");
        report.line("== %s bus, %d ms frames", bus.settingName(), script.frameMillis());
        try (Rig rig = new Rig(directory.resolve(bus.settingName() + "-" + script.frameMillis()), script)) {
            Climb relay = new Climb(rig, rig.startRelay(bus));
            Climb rtaa = new Climb(rig, rig.startRtaa(bus, settings.jar()));
            relay.warmUp();
            rtaa.warmUp();
            while (relay.goesOn() || rtaa.goesOn()) {
                relay.step();
                rtaa.step();
            }
            OptionalInt relayCalls = relay.search.mostClean();
            OptionalInt rtaaCalls = rtaa.search.mostClean();
            if (relayCalls.isEmpty() || rtaaCalls.isEmpty()) {
                report.line("not clean at %d calls, the fewest tried", settings.calls());
                return null;
            }
            int half = Math.max(1, rtaaCalls.getAsInt() / 2);
            Turn relayHalf = relay.measure("at half", Math.max(1, relayCalls.getAsInt() / 2));
            Turn rtaaHalf = rtaa.measure("at half", half);
            Turn alone = rtaa.measure("one call", 1);
            rig.stop(rtaa.system);
            Turn firstMinute = rig.turn(rig.startRtaa(bus, settings.jar()), Load.rising(half, script, FIRST_MINUTE));
            report.turn("first minute, up to " + half + " calls", firstMinute);
            return new Knee(
                    bus, script, relayCalls.getAsInt(), rtaaCalls.getAsInt(), relayHalf, rtaaHalf, alone, firstMinute);
        }
    }

    /** One system on its way up. */
    private final class Climb {

        private final Rig rig;
        private final BenchSystem system;
        private final KneeSearch search = new KneeSearch(settings.calls());

        Climb(Rig rig, BenchSystem system) {
            this.rig = rig;
            this.system = system;
        }

        void warmUp() throws InterruptedException {
            report.turn("warm-up", rig.turn(system, Load.steady(settings.calls(), rig.script(), settings.warmup())));
        }

        boolean goesOn() {
            return !search.isOver();
        }

        /** Tries the next number of calls; nothing once the knee is found. */
        void step() throws InterruptedException {
            if (!goesOn()) {
                return;
            }
            int calls = search.next();
            List<String> reasons = reasons(measure(calls + " calls:", calls));
            report.line(
                    "%s, %d calls: %s",
                    system.name(), calls, reasons.isEmpty() ? "clean" : "not clean: " + String.join("; ", reasons));
            search.tried(reasons.isEmpty());
        }

        Turn measure(String label, int calls) throws InterruptedException {
            Turn turn = rig.turn(system, Load.steady(calls, rig.script(), settings.measured()));
            report.turn(label, turn);
            return turn;
        }
    }

    /** Why a turn is not clean; empty where it is. */
    private List<String> reasons(Turn turn) {
        List<String> reasons = new ArrayList<>(rules.of(turn));
        if (!turn.verdict().isClean()) {
            reasons.add(turn.verdict().toString());
        }
        reasons.addAll(turn.faults());
        if (turn.addedMillis(99) > settings.p99().toMillis()) {
            reasons.add("the added p99 is above " + settings.p99().toMillis() + " ms");
        }
        return reasons;
    }
}
