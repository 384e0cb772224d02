package io.rtaa.edge.security;

import io.rtaa.call.UseCounter;
import io.rtaa.routes.LogThrottle;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Counts uses for all processes together, and in this process alone while that cannot be done: a call that comes while
 * Redis is away is worth more than the exact number.
 *
 * <p>Thread-safety: safe.
 */
public final class SharedUses implements UseCounter {

    private static final Logger LOG = LoggerFactory.getLogger(SharedUses.class);

    private final UseCounter shared;
    private final UseCounter own;
    private final StreamTokenMeters meters;
    private final LogThrottle throttle = new LogThrottle();

    /**
     * @param shared counts for all processes
     * @param own counts where that one fails
     */
    public SharedUses(UseCounter shared, UseCounter own, StreamTokenMeters meters) {
        this.shared = shared;
        this.own = own;
        this.meters = meters;
    }

    @Override
    public CompletionStage<Optional<Runnable>> take(String id, int most, Duration kept) {
        return shared.take(id, most, kept).exceptionallyCompose(failure -> {
            meters.countedAlone.increment();
            throttle.atLevel(LOG, Level.WARN)
                    .log("This process counts the sockets of a stream token alone: {}", failure.getMessage());
            return own.take(id, most, kept);
        });
    }
}
