package io.rtaa.bench;

import io.rtaa.bench.load.Script;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures rtaa beside the bare relay, or beside an rtaa that differs by a variable: both are started and warmed up once, then measured in turn, A B A B, so that
 * whatever drifts drifts for both.
 */
final class PairsRun {

    /** A machine that disturbs more pairs than this is not one to measure on. */
    private static final int MOST_REPEATS = 3;

    private final BenchSettings settings;
    private final Path directory;
    private final Report report;
    private final VoidRules rules;

    PairsRun(BenchSettings settings, Path directory, Report report) {
        this.settings = settings;
        this.directory = directory;
        this.report = report;
        this.rules = new VoidRules(settings.late(), settings.foreignPercent());
    }

    /**
     * Every bus with every size of frame; one that cannot be measured is told, and the next ones are measured all the
     * same.
     *
     * @return false where one is void, or a word was lost
     */
    boolean run() throws InterruptedException {
        boolean good = true;
        for (MeasuredBus bus : settings.buses()) {
            for (int frame : settings.frames()) {
                good &= isGood(bus, new Script(frame));
            }
        }
        return good;
    }

    private boolean isGood(MeasuredBus bus, Script script) throws InterruptedException {
        try {
            Pairs pairs = measure(bus, script);
            report.pairs(bus, pairs);
            if (settings.beside().isEmpty()) {
                report.reference(bus, pairs);
            }
            report.verdict(pairs.voidReasons());
            return pairs.isGood();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception | AssertionError e) {
            report.verdict(List.of("not measured: " + e));
            return false;
        }
    }

    private Pairs measure(MeasuredBus bus, Script script) throws Exception {
        String name = bus.settingName() + "-" + script.frameMillis();
        report.line("");
        report.line("== %s bus, %d ms frames", bus.settingName(), script.frameMillis());
        try (Rig rig = new Rig(directory.resolve(name), script)) {
            BenchSystem baseline = settings.beside().isEmpty()
                    ? rig.startRelay(bus)
                    : rig.startBeside(bus, settings.jar(), settings.beside());
            BenchSystem rtaa = rig.startRtaa(bus, settings.jar());
            Load warmup = Load.steady(settings.calls(), script, settings.warmup());
            report.turn("warm-up", rig.turn(baseline, warmup));
            report.turn("warm-up", rig.turn(rtaa, warmup));
            Load load = Load.steady(settings.calls(), script, settings.measured());
            List<Turn> baselineTurns = new ArrayList<>();
            List<Turn> rtaaTurns = new ArrayList<>();
            int repeats = 0;
            for (int pair = 1; rtaaTurns.size() < settings.pairs(); pair++) {
                List<Turn> turns = List.of(turn(rig, baseline, load, pair), turn(rig, rtaa, load, pair));
                if (repeats < MOST_REPEATS && rules.mayBeRepeated(turns)) {
                    repeats++;
                    report.line("pair %d was disturbed, does not count and is measured again", pair);
                } else {
                    baselineTurns.add(turns.get(0));
                    rtaaTurns.add(turns.get(1));
                }
            }
            Side baselineSide = new Side(baselineTurns, rig.memory(baseline, load));
            Side rtaaSide = new Side(rtaaTurns, rig.memory(rtaa, load));
            return new Pairs(load, baselineSide, rtaaSide, voidReasons(bus, load, baselineSide, rtaaSide));
        }
    }

    private Turn turn(Rig rig, BenchSystem system, Load load, int pair) throws InterruptedException {
        Turn turn = rig.turn(system, load);
        report.turn("pair " + pair, turn);
        report.verdict(rules.of(turn));
        return turn;
    }

    private List<String> voidReasons(MeasuredBus bus, Load load, Side baseline, Side rtaa) {
        List<String> reasons = new ArrayList<>(settings.shortcomings());
        baseline.turns().forEach(turn -> reasons.addAll(rules.of(turn)));
        rtaa.turns().forEach(turn -> reasons.addAll(rules.of(turn)));
        if (settings.beside().isEmpty()) {
            reasons.addAll(rules.ofBaseline(
                    baseline.cost(), bus.reference(load.calls(), load.script().frameMillis()), baseline.turns()));
        }
        return reasons;
    }
}
