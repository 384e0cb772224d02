package io.rtaa.redis;

import io.rtaa.call.Outage;
import org.jspecify.annotations.Nullable;

/** Redis is away, slow, or refuses what it was asked; the message says which, and holds no secret. */
public class RedisBusException extends RuntimeException implements Outage {

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

    /** A refusal is one where it tells of Redis, which is full or starting for example, and not of what was asked. */
    @Override
    public boolean isOutage() {
        return kind != Kind.REFUSED || RedisFailures.tellsOfRedis(getMessage());
    }
}
