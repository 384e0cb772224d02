package io.rtaa.simulator;

import java.util.List;

/**
 * What became of all calls of a plan.
 *
 * @param calls one for each, in the order they were placed
 * @param lateness of all their frames
 */
public record RunReport(List<CallReport> calls, Lateness lateness) {
    static RunReport of(List<CallReport> calls) {
        Lateness all = new Lateness();
        calls.forEach(call -> all.add(call.lateness()));
        return new RunReport(List.copyOf(calls), all);
    }

    public boolean succeeded() {
        return calls.stream().allMatch(CallReport::succeeded);
    }
}
