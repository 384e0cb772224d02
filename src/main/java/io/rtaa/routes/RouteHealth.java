package io.rtaa.routes;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How the events of a route fare: it fails once most tries of a minute failed, and waits once what a step
 * needs has been away for a minute.
 *
 * <p>Thread-safety: safe. An event that passes costs a read of one field while nothing fails.
 */
final class RouteHealth {

    /** How long most tries have to fail before it is said. */
    static final Duration FAILING_AFTER = Duration.ofMinutes(1);

    /** An outage of which nothing was heard for so long is over: it is tried again every few seconds. */
    static final Duration OUTAGE_HEARD_WITHIN = Duration.ofSeconds(15);

    private static final int SLOTS = 6;
    private static final long SLOT_NANOS = FAILING_AFTER.toNanos() / SLOTS;

    /** What failed last, and since when it has been failing. */
    private record Trouble(long sinceNanos, Instant since, long lastNanos, String what) {

        Trouble again(long now, String whatNow) {
            return new Trouble(sinceNanos, since, now, whatNow);
        }

        boolean hasLastedWithin(long now, Duration heardWithin) {
            return now - sinceNanos >= FAILING_AFTER.toNanos() && now - lastNanos < heardWithin.toNanos();
        }
    }

    private final String routeId;
    private final long[] failures = new long[SLOTS];
    private final long[] successes = new long[SLOTS];
    private final long[] slotNumbers = new long[SLOTS];
    private @Nullable Trouble failing;
    private @Nullable Trouble waiting;

    /** Whether there is anything that a success might end. */
    private volatile boolean troubled;

    RouteHealth(String routeId) {
        this.routeId = routeId;
    }

    /** @param clock asked for the time, nanoseconds, where something has failed */
    void succeeded(LongSupplier clock) {
        if (troubled) {
            succeeded(clock.getAsLong());
        }
    }

    private synchronized void succeeded(long now) {
        waiting = null;
        successes[slot(now)]++;
        if (failing != null && now - failing.lastNanos() >= FAILING_AFTER.toNanos()) {
            failing = null;
        }
        troubled = failing != null;
    }

    synchronized void failed(long now, Throwable failure, String step, FailureKind kind) {
        String what = failure.getClass().getSimpleName() + (step.isEmpty() ? "" : " at step " + step);
        if (kind == FailureKind.OUTAGE) {
            waiting = continued(waiting, now, OUTAGE_HEARD_WITHIN, what);
        } else {
            failing = continued(failing, now, FAILING_AFTER, what);
            failures[slot(now)]++;
        }
        troubled = true;
    }

    private static Trouble continued(@Nullable Trouble before, long now, Duration within, String what) {
        return before != null && now - before.lastNanos() < within.toNanos()
                ? before.again(now, what)
                : new Trouble(now, Instant.now().truncatedTo(ChronoUnit.SECONDS), now, what);
    }

    /** The slot of a moment, emptied where it still holds what was a minute before. */
    private int slot(long now) {
        long number = Math.floorDiv(now, SLOT_NANOS);
        int slot = Math.floorMod(number, SLOTS);
        if (slotNumbers[slot] != number) {
            slotNumbers[slot] = number;
            failures[slot] = 0;
            successes[slot] = 0;
        }
        return slot;
    }

    /** Why the route does not do its job; null while it does. */
    synchronized @Nullable String reason(long now) {
        if (waiting != null && waiting.hasLastedWithin(now, OUTAGE_HEARD_WITHIN)) {
            return "route " + routeId + " has waited since " + waiting.since() + ": " + waiting.what()
                    + "; what that step needs is away, slow or full";
        }
        if (failing == null || !failing.hasLastedWithin(now, FAILING_AFTER)) {
            return null;
        }
        slot(now);
        long oldest = Math.floorDiv(now, SLOT_NANOS) - SLOTS;
        long failed = 0;
        long passed = 0;
        for (int i = 0; i < SLOTS; i++) {
            if (slotNumbers[i] > oldest) {
                failed += failures[i];
                passed += successes[i];
            }
        }
        return failed > passed
                ? "route " + routeId + " has failed since " + failing.since() + ": " + failing.what() + ", " + failed
                        + " failed tries in a minute, " + passed + " events passed; see the log, repair the route"
                : null;
    }
}
