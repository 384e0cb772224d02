package io.rtaa.routes;

import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * An event is given up: its route's policy has found that no further try is worth it. The cause is what the step said
 * last.
 */
public final class GivenUpException extends Exception {

    private static final long serialVersionUID = 1;

    private static final String PROPERTY = "RtaaGivenUp";

    GivenUpException(Throwable cause) {
        super("the event was given up: " + cause.getMessage(), cause, false, false);
    }

    static void mark(Exchange exchange) {
        exchange.setProperty(PROPERTY, Boolean.TRUE);
    }

    static boolean isMarked(Exchange exchange) {
        return exchange.getProperty(PROPERTY) != null;
    }

    /**
     * How the route of an exchange failed, for a consumer that might offer the event again.
     *
     * @return null where it did not, or where the route dealt with it itself, by a dead letter endpoint for example
     */
    public static @Nullable Exception failureOf(Exchange exchange) {
        Exception failure = exchange.getException();
        return failure != null && isMarked(exchange) ? new GivenUpException(failure) : failure;
    }
}
