package io.rtaa.bench;

import io.rtaa.bench.load.Script;
import java.util.List;

/**
 * What a machine carries on a bus.
 *
 * @param relayCalls the most calls that the bare relay carries cleanly
 * @param rtaaCalls the most calls that rtaa carries cleanly
 * @param relayHalf the bare relay under half of what it carries
 * @param rtaaHalf rtaa under half of what it carries
 * @param alone rtaa with one call
 * @param firstMinute rtaa just started, with calls that start evenly up to half of what it carries
 */
record Knee(
        MeasuredBus bus,
        Script script,
        int relayCalls,
        int rtaaCalls,
        Turn relayHalf,
        Turn rtaaHalf,
        Turn alone,
        Turn firstMinute) {

    /** How many calls rtaa carries for one of the relay's. */
    double ratio() {
        return (double) rtaaCalls / relayCalls;
    }

    /** Whether each word came once, and no call was cut short, below the knee. */
    boolean isClean() {
        return List.of(rtaaHalf, alone, firstMinute).stream()
                .allMatch(turn -> turn.verdict().isClean() && turn.faults().isEmpty());
    }
}
