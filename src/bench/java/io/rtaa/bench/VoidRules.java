package io.rtaa.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What makes a measurement worthless, whatever it shows. Words that rtaa loses do not: they are a result.
 *
 * @param late how late all but one in a thousand frames may go out
 * @param foreignPercent how much of the machine anybody else may use
 */
record VoidRules(Duration late, int foreignPercent) {

    /** The bare relay may cost so much more than its reference before the machine is to blame. */
    static final double WORST_BASELINE = 1.15;

    /** A machine that lacks more of its processors than this is another machine. */
    static final double MOST_STOLEN_PERCENT = 2;

    private static final double NEARLY_ALL = 99.9;

    /** Why a turn counts for nothing; empty where it counts. */
    List<String> of(Turn turn) {
        List<String> reasons = new ArrayList<>();
        if (isLate(turn)) {
            reasons.add(say(
                    "the generator was late: one frame in a thousand by more than %.1f ms",
                    turn.lateMillis(NEARLY_ALL)));
        }
        reasons.addAll(disturbances(turn));
        return reasons;
    }

    private boolean isLate(Turn turn) {
        return turn.lateMillis(NEARLY_ALL) > late.toMillis();
    }

    private List<String> disturbances(Turn turn) {
        List<String> reasons = new ArrayList<>();
        if (turn.foreignPercent() > foreignPercent) {
            reasons.add(say("others used %.1f %% of the machine", turn.foreignPercent()));
        }
        if (turn.stolenPercent() > MOST_STOLEN_PERCENT) {
            reasons.add(say("%.1f %% of the machine was taken by its host", turn.stolenPercent()));
        }
        return reasons;
    }

    /**
     * Whether a pair may be measured again instead of voiding its run: somebody who takes no part disturbed it. A late
     * generator is no reason, for rtaa may have made it late; and what went wrong with words or calls is never thrown
     * away.
     */
    boolean mayBeRepeated(List<Turn> pair) {
        return pair.stream().anyMatch(turn -> !disturbances(turn).isEmpty())
                && pair.stream()
                        .allMatch(turn ->
                                turn.verdict().isClean() && turn.faults().isEmpty() && !isLate(turn));
    }

    /** Why the baseline's turns say that nothing can be compared with them; empty where it can. */
    List<String> ofBaseline(double medianCost, OptionalDouble reference, List<Turn> turns) {
        List<String> reasons = new ArrayList<>();
        if (reference.isPresent() && medianCost > WORST_BASELINE * reference.getAsDouble()) {
            reasons.add(say(
                    "the bare relay cost %.2f ms a call-second, more than %.2f times its reference of %.2f",
                    medianCost, WORST_BASELINE, reference.getAsDouble()));
        }
        for (Turn turn : turns) {
            if (!turn.verdict().isClean() || !turn.faults().isEmpty()) {
                reasons.add("the bare relay itself went wrong: " + turn.verdict() + " " + turn.faults());
            }
        }
        return reasons;
    }

    private static String say(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
