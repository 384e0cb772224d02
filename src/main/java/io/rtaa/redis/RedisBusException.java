package io.rtaa.redis;

import org.jspecify.annotations.Nullable;

/** Redis is away, slow, or refuses what it was asked; the message says which, and holds no secret. */
public class RedisBusException extends RuntimeException {

    /** What is wrong. */
    public enum Kind {
        /** There is no connection. */
        AWAY,
        /** No answer came in time; the command may have been carried out. */
        NO_ANSWER,
        /** Redis said no. */
        REFUSED
    }

    private final Kind kind;

    RedisBusException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
