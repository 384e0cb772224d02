package io.rtaa.bus;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a bus takes what is published. A failure counts until something of its topic is taken, or for 15 s: a process
 * that is given no more calls because of it would never learn that it is over.
 *
 * <p>Thread-safety: safe.
 */
public final class PublishingHealth {

    private static final Duration COUNTS_FOR = Duration.ofSeconds(15);

    private record Failure(String reason, long sinceNanos) {}

    private final Map<Topic, Failure> failures = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    /** @param nanoTime as {@link System#nanoTime}: says how old a failure is */
    public PublishingHealth(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The bus has taken something. */
    public void taken(Topic topic) {
        // Most often there is no failure, and looking is cheaper than removing.
        if (!failures.isEmpty()) {
            failures.remove(topic);
        }
    }

    /**
     * The bus has not taken something.
     *
     * @param reason in words for a person
     */
    public void failed(Topic topic, String reason) {
        failures.put(topic, new Failure(reason, nanoTime.getAsLong()));
    }

    /** Why the bus does not take what is published; null while it does. */
    public @Nullable String fault() {
        return failures.values().stream()
                .filter(failure -> nanoTime.getAsLong() - failure.sinceNanos() < COUNTS_FOR.toNanos())
                .map(Failure::reason)
                .findFirst()
                .orElse(null);
    }
}
