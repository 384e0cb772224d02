package io.rtaa.routes;

import io.rtaa.call.TranscriptEvent.Partial;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Predicate;

/**
 * The {@code retryWhile} of a policy: whether the step that failed is worth another try. An outage is, without end.
 * What cannot pass is not. Everything else is until one step has failed on one event so many times in a row, a partial
 * only once, as the next one replaces it.
 *
 * <p>Thread-safety: safe; the count goes along with the exchange.
 */
public final class WorthRetrying implements Predicate {

    private final int mostTries;

    /** @param mostTries how often a step is tried on one event; 1 or more */
    public WorthRetrying(int mostTries) {
        if (mostTries < 1) {
            throw new IllegalArgumentException(
                    "rtaa.steps.max-tries is " + mostTries + "; allowed: a whole number from 1");
        }
        this.mostTries = mostTries;
    }

    @Override
    public boolean matches(Exchange exchange) {
        Throwable failure = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class);
        if (failure == null) {
            return false;
        }
        FailureKind kind = FailureKind.of(failure, exchange.getContext());
        FailedStep step = FailedStep.note(exchange, kind != FailureKind.OUTAGE);
        boolean worthIt =
                kind == FailureKind.OUTAGE || (kind == FailureKind.UNKNOWN && isTriedAgain(exchange, step.times()));
        if (!worthIt) {
            GivenUpException.mark(exchange);
        }
        RouteFailures failures = RouteFailures.of(exchange.getContext());
        if (failures != null) {
            failures.tryFailed(exchange, failure, kind);
        }
        return worthIt;
    }

    private boolean isTriedAgain(Exchange exchange, int failedTimes) {
        // A step that has no way of passing may not hold up a process that stops.
        return failedTimes < mostTries
                && !(exchange.getMessage().getBody() instanceof Partial)
                && !exchange.getContext().isStopping();
    }
}
