package io.rtaa.edge.security;

import io.rtaa.call.UseCounter;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Counts uses in this process alone. It remembers {@value #MAX_REMEMBERED} things, about 20 MB; above that it forgets the
 * one that was used first longest ago.
 *
 * <p>Thread-safety: safe.
 */
public final class ProcessUses implements UseCounter {

    /** Far more than the calls that come in a minute. */
    static final int MAX_REMEMBERED = 100_000;

    private static final class Uses {
        private final long untilMillis;
        private int taken;

        Uses(long untilMillis) {
            this.untilMillis = untilMillis;
        }
    }

    private final Clock clock;
    /** Guarded by this: in the order of their first use. */
    private final Map<String, Uses> uses = new LinkedHashMap<>();

    public ProcessUses(Clock clock) {
        this.clock = clock;
    }

    @Override
    public CompletionStage<Optional<Runnable>> take(String id, int most, Duration kept) {
        return CompletableFuture.completedStage(taken(id, most, kept));
    }

    private synchronized Optional<Runnable> taken(String id, int most, Duration kept) {
        long now = clock.millis();
        forget(now);
        Uses known = uses.computeIfAbsent(id, fresh -> new Uses(now + kept.toMillis()));
        if (known.taken >= most) {
            return Optional.empty();
        }
        known.taken++;
        return Optional.of(() -> giveBack(known));
    }

    private synchronized void giveBack(Uses known) {
        known.taken--;
    }

    private void forget(long nowMillis) {
        Iterator<Uses> firstUsedFirst = uses.values().iterator();
        while (firstUsedFirst.hasNext()
                && (firstUsedFirst.next().untilMillis <= nowMillis || uses.size() >= MAX_REMEMBERED)) {
            firstUsedFirst.remove();
        }
    }

    /** How many things are remembered. */
    synchronized int remembered() {
        return uses.size();
    }
}
