package io.rtaa.kafka;

import io.rtaa.call.Outage;

/**
 * Topics that are missing, or not as the bus needs them; the message says which, and what is allowed. It says nothing
 * against the message that was to be sent.
 */
public class TopicsException extends RuntimeException implements Outage {

    private static final long serialVersionUID = 1;

    TopicsException(String message) {
        super(message);
    }
}
