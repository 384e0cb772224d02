package io.rtaa.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** Writes what was measured, for people; tables are Markdown, to be kept as they are. */
final class Report {

    private final PrintStream out;

    Report(PrintStream out) {
        this.out = out;
    }

    void line(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }

    /** One line of what a turn showed. */
    void turn(String label, Turn turn) {
        line(
                "%s %-5s %.3f ms CPU a call-second (%s; load %s), added p50 %.2f p99 %.2f p99.9 %.2f ms,"
                        + " window wait p50 %.0f ms,"
                        + " generator late p99.9 %.2f ms, %d bytes a frame, others %.1f %%, %s%s",
                label,
                turn.system(),
                turn.cost(),
                parts(turn.cpu()),
                parts(turn.loadCpu()),
                turn.addedMillis(50),
                turn.addedMillis(99),
                turn.addedMillis(99.9),
                turn.waits().getValueAtPercentile(50) / 1000.0,
                turn.lateMillis(99.9),
                turn.allocatedBytesPerFrame(),
                turn.foreignPercent(),
                turn.verdict(),
                turn.faults().isEmpty() ? "" : ", " + summary(turn.faults()));
    }

    /** The table of one bus and size of frame. */
    void pairs(MeasuredBus bus, Pairs pairs) {
        Load load = pairs.load();
        line("");
        line(
                "%s bus, %d calls of %d ms frames, median of %d pairs",
                bus.settingName(), load.calls(), load.script().frameMillis(), pairs.size());
        line("");
        line("| system | CPU ms a call-second | of its processes | added p50 / p99 / p99.9 ms | bytes a frame"
                + " | KiB a call: resident, live heap | words |");
        line("|---|---|---|---|---|---|---|");
        row(pairs.baseline());
        row(pairs.rtaa());
        line("");
        line(
                "ratio %s / %s, median pair by pair: %.2f",
                pairs.rtaa().name(), pairs.baseline().name(), pairs.ratio());
    }

    /** How the bare relay of these pairs stands to what it once took. */
    void reference(MeasuredBus bus, Pairs pairs) {
        Load load = pairs.load();
        OptionalDouble reference = bus.reference(load.calls(), load.script().frameMillis());
        if (reference.isPresent()) {
            line(
                    "bare relay: %.2f measured, %.2f is its reference",
                    pairs.baseline().cost(), reference.getAsDouble());
        } else {
            line(
                    "bare relay: no reference at this load; there is one at %d calls of 100 and 20 ms frames",
                    MeasuredBus.REFERENCE_CALLS);
        }
    }

    /** The table of what the machine carries; nothing where no knee was found. */
    void knees(List<Knee> knees, List<String> voidReasons) {
        if (knees.isEmpty()) {
            return;
        }
        line("");
        line("| bus, frames | calls: bare relay | calls: rtaa | rtaa / relay | at half, added p50 / p99 ms: relay |"
                + " the same: rtaa | one call, added p50 ms | first minute: the latest word, ms | words |");
        line("|---|---|---|---|---|---|---|---|---|");
        for (Knee knee : knees) {
            line(
                    "| %s, %d ms | %d | %d | %.2f | %.2f / %.2f | %.2f / %.2f | %.2f | %.0f | %s |",
                    knee.bus().settingName(),
                    knee.script().frameMillis(),
                    knee.relayCalls(),
                    knee.rtaaCalls(),
                    knee.ratio(),
                    knee.relayHalf().addedMillis(50),
                    knee.relayHalf().addedMillis(99),
                    knee.rtaaHalf().addedMillis(50),
                    knee.rtaaHalf().addedMillis(99),
                    knee.alone().addedMillis(50),
                    knee.firstMinute().addedMillis(100),
                    knee.isClean() ? "each once" : "lost, doubled, or calls cut short: see above");
        }
        verdict(voidReasons);
    }

    private void row(Side side) {
        line(
                "| %s | %.3f | %s | %.2f / %.2f / %.2f | %.0f | %.0f, %.0f | %s |",
                side.name(),
                side.cost(),
                parts(side.cpu()),
                side.addedMillis(50),
                side.addedMillis(99),
                side.addedMillis(99.9),
                side.allocatedBytesPerFrame(),
                side.memory().residentKibPerCall(),
                side.memory().heapKibPerCall(),
                side.verdict());
    }

    /** Says whether the figures above count. */
    void verdict(List<String> voidReasons) {
        if (!voidReasons.isEmpty()) {
            line("VOID: %s", summary(voidReasons));
        }
    }

    private static String parts(Map<String, Double> costs) {
        return costs.entrySet().stream()
                .map(cost -> String.format(Locale.ROOT, "%s %.3f", cost.getKey(), cost.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** The first few; a load of a thousand calls can fail a thousand times. */
    private static String summary(List<String> all) {
        int shown = Math.min(all.size(), 3);
        String text = String.join("; ", all.subList(0, shown));
        return all.size() > shown ? text + "; and " + (all.size() - shown) + " more" : text;
    }
}
