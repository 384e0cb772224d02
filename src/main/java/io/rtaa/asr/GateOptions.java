package io.rtaa.asr;

import java.time.Duration;

/**
 * How much a provider is asked at once, and when it is left alone.
 *
 * @param maxSessions sessions of this process that may have a connection to one provider; the next ones wait
 * @param failuresLeast the breaker opens after so many results at the earliest, within {@code failuresWithin}, of which half
 *     or more are failures
 * @param failuresWithin results older than this no longer count
 * @param openFor how long a provider is left alone once its breaker is open
 * @param probes connections that are tried when that time is over; half of them failing opens the breaker again
 */
public record GateOptions(int maxSessions, int failuresLeast, Duration failuresWithin, Duration openFor, int probes) {

    public static final int DEFAULT_MAX_SESSIONS = 100;
    /** Reached by a single call that finds nobody within about eight seconds, by many calls at once. */
    public static final int DEFAULT_FAILURES_LEAST = 5;

    public static final Duration DEFAULT_FAILURES_WITHIN = Duration.ofSeconds(60);
    /** Well below the audio that is kept for a call, so that a probe comes before anything is dropped. */
    public static final Duration DEFAULT_OPEN_FOR = Duration.ofSeconds(10);

    public static final int DEFAULT_PROBES = 3;

    /** The defaults above. */
    public static final GateOptions DEFAULTS = new GateOptions(
            DEFAULT_MAX_SESSIONS, DEFAULT_FAILURES_LEAST, DEFAULT_FAILURES_WITHIN, DEFAULT_OPEN_FOR, DEFAULT_PROBES);

    public GateOptions {
        requireOneOrMore("maxSessions", maxSessions);
        requireOneOrMore("failuresLeast", failuresLeast);
        requireOneOrMore("probes", probes);
        if (failuresWithin.toSeconds() < 1) {
            throw new IllegalArgumentException("failuresWithin is " + failuresWithin + "; allowed: a second or more");
        }
        if (openFor.toMillis() < 1) {
            throw new IllegalArgumentException("openFor is " + openFor + "; allowed: a millisecond or more");
        }
    }

    /** The same with another limit. */
    public GateOptions withMaxSessions(int sessions) {
        return new GateOptions(sessions, failuresLeast, failuresWithin, openFor, probes);
    }

    private static void requireOneOrMore(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed: 1 or more");
        }
    }
}
