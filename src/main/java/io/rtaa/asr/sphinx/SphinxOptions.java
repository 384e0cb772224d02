package io.rtaa.asr.sphinx;

import java.time.Duration;

/**
 * How much the embedded recogniser takes on.
 *
 * @param workers utterances recognised at the same time, each on a thread of its own: 1 to {@value #MAX_WORKERS}. A
 *     worker is started, and loads its own copy of the model (about 170 MB of heap, 400 MB at work), when there is
 *     first work for it
 * @param callsPerWorker calls for each worker: 1 to {@value #MAX_CALLS_PER_WORKER}. People talk about half the time;
 *     above {@code workers · callsPerWorker} calls the next is refused
 * @param maxBacklog how much audio of one call may wait to be recognised, {@link #MIN_BACKLOG} to {@link
 *     #MAX_BACKLOG}; a call that falls further behind is closed. 10 minutes take 40 MB at 16 kHz
 */
public record SphinxOptions(int workers, int callsPerWorker, Duration maxBacklog) {

    /** The most workers: each costs a core and 400 MB. */
    public static final int MAX_WORKERS = 32;

    /** The most calls a worker can serve at the pace they speak. */
    public static final int MAX_CALLS_PER_WORKER = 8;

    public static final int DEFAULT_CALLS_PER_WORKER = 2;

    /** Longer than one utterance, which may have to wait for another call's. */
    public static final Duration MIN_BACKLOG = Duration.ofSeconds(20);

    public static final Duration MAX_BACKLOG = Duration.ofMinutes(10);

    /** A transcript later than this is of no use to a live call; kept-back audio may come all at once. */
    public static final Duration DEFAULT_BACKLOG = Duration.ofMinutes(2);

    public SphinxOptions {
        requireWithin("workers", workers, MAX_WORKERS);
        requireWithin("callsPerWorker", callsPerWorker, MAX_CALLS_PER_WORKER);
        if (maxBacklog.compareTo(MIN_BACKLOG) < 0 || maxBacklog.compareTo(MAX_BACKLOG) > 0) {
            throw new IllegalArgumentException("embedded recogniser: maxBacklog is " + maxBacklog + "; allowed: "
                    + MIN_BACKLOG + " to " + MAX_BACKLOG);
        }
    }

    /** One worker fewer than there are cores, so that the rest of the service keeps one; at least one. */
    public static SphinxOptions defaults() {
        int spare = Runtime.getRuntime().availableProcessors() - 1;
        return new SphinxOptions(Math.min(MAX_WORKERS, Math.max(1, spare)), DEFAULT_CALLS_PER_WORKER, DEFAULT_BACKLOG);
    }

    /** The calls that are taken at a time. */
    public int maxCalls() {
        return workers * callsPerWorker;
    }

    private static void requireWithin(String name, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(
                    "embedded recogniser: " + name + " is " + value + "; allowed: 1 to " + max);
        }
    }
}
