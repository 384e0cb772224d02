package io.rtaa.routes;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.jspecify.annotations.Nullable;

/**
 * How a route failed on an event: with an exception, or with one that its policy dealt with, by a dead letter endpoint
 * for example, after which the event did not go on.
 *
 * <p>Thread-safety: immutable.
 */
public final class StepFailure {

    private final CamelContext context;
    private final Throwable cause;
    private final String routeId;
    private final String step;
    private final FailureKind kind;
    private final boolean counted;

    private StepFailure(Exchange exchange, Throwable cause) {
        this.context = exchange.getContext();
        this.cause = cause;
        String failedRoute = exchange.getProperty(ExchangePropertyKey.FAILURE_ROUTE_ID, String.class);
        this.routeId = failedRoute != null ? failedRoute : String.valueOf(exchange.getFromRouteId());
        FailedStep failed = FailedStep.of(exchange);
        this.step = failed == null ? "" : failed.id();
        this.kind = FailureKind.of(cause, context);
        this.counted = GivenUpException.isMarked(exchange);
    }

    /** @return null where the route did not fail on the event of an exchange */
    public static @Nullable StepFailure of(Exchange exchange) {
        Throwable cause = exchange.getException();
        if (cause == null && exchange.getExchangeExtension().isErrorHandlerHandledSet()) {
            cause = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class);
        }
        return cause == null ? null : new StepFailure(exchange, cause);
    }

    public Throwable cause() {
        return cause;
    }

    /** Whether what the step needs was away, slow or full, and the route would not wait for it. */
    public boolean isOutage() {
        return kind == FailureKind.OUTAGE;
    }

    /**
     * What is told to readers: route, step and the name of the exception, whose message may say more than they may
     * know.
     */
    public String reason() {
        return "route " + routeId + " failed" + (step.isEmpty() ? "" : " at step " + step) + ": "
                + cause.getClass().getSimpleName();
    }

    /** Counts the event as given up by its route, once. */
    public void countGivenUp() {
        RouteFailures failures = RouteFailures.of(context);
        if (!counted && failures != null) {
            failures.givenUp(routeId);
        }
    }
}
