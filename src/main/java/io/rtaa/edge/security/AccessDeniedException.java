package io.rtaa.edge.security;

/** Somebody tried what the role does not allow. A websocket that did so is closed with {@link #CLOSE_CODE}. */
public final class AccessDeniedException extends RuntimeException {
    /** Policy violation (RFC 6455, section 7.4.1). */
    public static final int CLOSE_CODE = 1008;

    public AccessDeniedException(String message) {
        super(message);
    }
}
