package io.rtaa.kafka;

import io.rtaa.bus.BusMeters.Cause;
import io.rtaa.call.Outage;

/**
 * Topics that are missing, or not as the bus needs them; the message says which, and what is allowed. It says nothing
 * against the message that was to be sent.
 */
public class TopicsException extends RuntimeException implements Outage {

    private static final long serialVersionUID = 1;

    private final Cause cause;

    /** Topics that the broker refuses, or that are not as they have to be. */
    TopicsException(String message) {
        this(message, Cause.REFUSED);
    }

    /** @param cause whether the broker refuses, or has not answered */
    TopicsException(String message, Cause cause) {
        super(message);
        this.cause = cause;
    }

    Cause cause() {
        return cause;
    }
}
