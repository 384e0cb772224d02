package io.rtaa.dashboard;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Places demo calls, a few at a time. A call counts from when it is asked for until the book sees its end, or
 * {@link #MAX_DURATION} where that never comes.
 *
 * <p>Thread-safety: safe for use from any thread.
 */
final class DemoCalls {

    /** Demo calls under way at once; each costs a recogniser session. */
    static final int MAX_AT_ONCE = 4;

    /** Longer than the bundled conversation takes. */
    static final Duration MAX_DURATION = Duration.ofMinutes(3);

    /** When to try again where all are taken. */
    static final Duration RETRY_AFTER = Duration.ofSeconds(15);

    /** How long a call that was placed may take to show up in the book. */
    private static final Duration MAX_UNSEEN = Duration.ofSeconds(10);

    private final Supplier<CompletionStage<String>> placer;
    private final CallBook book;
    private final Clock clock;
    private final Map<String, Long> placedAtMillis = new HashMap<>();
    private int starting;

    DemoCalls(Supplier<CompletionStage<String>> placer, CallBook book, Clock clock) {
        this.placer = placer;
        this.book = book;
        this.clock = clock;
    }

    /** Places a call and gives its interaction id; empty where enough are under way. */
    Optional<CompletionStage<String>> place() {
        synchronized (this) {
            placedAtMillis.entrySet().removeIf(call -> isOver(call.getKey(), clock.millis() - call.getValue()));
            if (starting + placedAtMillis.size() >= MAX_AT_ONCE) {
                return Optional.empty();
            }
            starting++;
        }
        CompletionStage<String> call;
        try {
            call = placer.get();
        } catch (RuntimeException e) {
            placed(null);
            throw e;
        }
        return Optional.of(call.whenComplete((interactionId, failure) -> placed(interactionId)));
    }

    private synchronized void placed(@Nullable String interactionId) {
        starting--;
        if (interactionId != null) {
            placedAtMillis.put(interactionId, clock.millis());
        }
    }

    private boolean isOver(String interactionId, long ageMillis) {
        return ageMillis > MAX_DURATION.toMillis()
                || (ageMillis > MAX_UNSEEN.toMillis() && !book.isLive(interactionId));
    }
}
