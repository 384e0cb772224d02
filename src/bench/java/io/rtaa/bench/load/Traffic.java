package io.rtaa.bench.load;

import java.net.URI;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Calls that come and go as in a day's work, at an even number: as soon as one ends, another starts. Lengths run from
 * {@link #SHORTEST_SECONDS} to {@link #LONGEST_SECONDS}, short ones more often; one in ten drops its line instead of
 * hanging up.
 */
final class Traffic {

    static final int SHORTEST_SECONDS = 10;
    static final int LONGEST_SECONDS = 600;

    private static final double DROPPED = 0.1;

    private final Generator generator;
    private final Script script;

    Traffic(Generator generator, Script script) {
        this.generator = generator;
        this.script = script;
    }

    /**
     * Settles and places all calls of the time; they end with it at the latest.
     *
     * @param door the address to call
     * @param first the first call's number
     * @param calls how many are to be live at a time
     * @param startNanos when the first one starts
     * @param nanos how long calls are placed
     * @param seed decides lengths and who drops
     * @return how many calls that makes
     */
    int place(URI door, int first, int calls, long startNanos, long nanos, long seed) {
        Random random = new Random(seed);
        int number = first;
        for (int line = 0; line < calls; line++) {
            long phase = Phases.nanos(line, calls, script.frameNanos());
            // The first calls start within the shortest call's length, so that lines do not change over together.
            long at = TimeUnit.SECONDS.toNanos(SHORTEST_SECONDS) * line / calls / script.frameNanos();
            long end = nanos / script.frameNanos();
            while (at < end) {
                long frames = Math.min(end - at, frames(random));
                long due = startNanos + at * script.frameNanos() + phase;
                generator.place(new PlannedCall(door, number++, due, frames, random.nextDouble() < DROPPED));
                at += frames + 1;
            }
        }
        return number - first;
    }

    private long frames(Random random) {
        double seconds = SHORTEST_SECONDS * Math.pow((double) LONGEST_SECONDS / SHORTEST_SECONDS, random.nextDouble());
        return (long) (seconds * 1e9 / script.frameNanos());
    }
}
