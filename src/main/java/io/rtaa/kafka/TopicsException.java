package io.rtaa.kafka;

/** Topics that are missing, or not as the bus needs them; the message says which, and what is allowed. */
public class TopicsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    TopicsException(String message) {
        super(message);
    }
}
