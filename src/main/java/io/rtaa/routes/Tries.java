package io.rtaa.routes;

import org.apache.camel.CamelContext;

/**
 * How often a consumer offers one event to its route, for consumers that can: without end in an outage, not again where
 * the event cannot pass or the route's own policy has given it up, else {@value #PLACEHOLDER} times.
 *
 * <p>Thread-safety: none.
 */
public final class Tries {

    /** How often a step is tried on one event, of which nothing says that it is an outage, unless set. */
    public static final int DEFAULT_MOST = 5;

    /** The setting of the same. */
    public static final String PLACEHOLDER = "{{rtaa.steps.max-tries:" + DEFAULT_MOST + "}}";

    private final CamelContext context;
    private final String routeId;
    private final int most;
    private int failed;

    /** @param routeId whose events they are */
    public Tries(CamelContext context, String routeId) {
        this.context = context;
        this.routeId = routeId;
        this.most = Integer.parseInt(context.resolvePropertyPlaceholders(PLACEHOLDER));
    }

    /** Counts a failure; false where the event is given up, which is counted for its route. */
    public boolean isWorthAnother(Throwable failure) {
        FailureKind kind = FailureKind.of(failure, context);
        if (kind == FailureKind.OUTAGE || (kind == FailureKind.UNKNOWN && ++failed < most)) {
            return true;
        }
        RouteFailures failures = RouteFailures.of(context);
        if (failures != null && !(failure instanceof GivenUpException)) {
            failures.givenUp(routeId);
        }
        return false;
    }
}
