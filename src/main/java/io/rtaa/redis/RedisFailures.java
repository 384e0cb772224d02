package io.rtaa.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.rtaa.redis.RedisBusException.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Says in words what Redis said in codes.
 *
 * <p>Thread-safety: stateless.
 *
 * @see <a href="https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors">Errors in the protocol</a>, read
 *     2025-11
 */
final class RedisFailures {

    /** What to do about a code; looked for anywhere in an answer, as a script's error quotes the one inside. */
    private static final Map<String, String> ADVICE = new LinkedHashMap<>();

    static {
        ADVICE.put(
                "NOPERM",
                "the ACL user may not do this; allowed: a user with ~PREFIX:* +@read +@write +@scripting +@connection"
                        + " +time");
        ADVICE.put("NOAUTH", "Redis wants a user and password; allowed: redis://USER:PASSWORD@HOST:PORT");
        ADVICE.put("WRONGPASS", "Redis does not know this user and password");
        ADVICE.put("WRONGTYPE", "a key of the bus holds something else; allowed: a key prefix that nobody else uses");
        ADVICE.put("OOM", "Redis is out of memory (maxmemory); allowed: more memory, policy noeviction");
        ADVICE.put("READONLY", "this Redis is a replica; allowed: the address of the primary");
        ADVICE.put("MISCONF", "Redis cannot write to its disk and takes nothing more until it can");
        ADVICE.put("LOADING", "Redis is starting and reads its data");
        ADVICE.put("MASTERDOWN", "this Redis is a replica without its primary");
        ADVICE.put("CLUSTERDOWN", "this Redis is a cluster; allowed: a single Redis");
        ADVICE.put("MOVED", "this Redis is a cluster; allowed: a single Redis");
        ADVICE.put("BUSY", "Redis is busy with a script of somebody's");
        ADVICE.put("unknown command", "this Redis does not know the command; allowed: Redis 6.2 or newer");
    }

    private RedisFailures() {}

    /**
     * What happened, in words.
     *
     * @param what the command, or the script
     * @param place where Redis is, without credentials
     */
    static RedisBusException explain(String what, String place, String prefix, Throwable failure) {
        Throwable cause = unwrapped(failure);
        if (cause instanceof RedisBusException explained) {
            return explained;
        }
        if (cause instanceof RedisCommandTimeoutException) {
            return new RedisBusException(Kind.NO_ANSWER, place + " did not answer " + what + " in time", cause);
        }
        String answer = answer(cause);
        if (answer != null) {
            return new RedisBusException(
                    Kind.REFUSED, place + " refused " + what + ": " + answer + advice(answer, prefix), cause);
        }
        return new RedisBusException(Kind.AWAY, place + " is away: " + cause.getMessage(), cause);
    }

    /** Whether a refusal is about the state of Redis, or about who asks: both change without the event. */
    static boolean tellsOfRedis(@Nullable String refusal) {
        return refusal != null && ADVICE.keySet().stream().anyMatch(refusal::contains);
    }

    /** Whether a script is to be sent whole because Redis has forgotten it. */
    static boolean isUnknownScript(Throwable failure) {
        String answer = answer(unwrapped(failure));
        return answer != null && answer.startsWith("NOSCRIPT");
    }

    static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** What Redis itself said; null where it did not say anything. */
    private static @Nullable String answer(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RedisCommandExecutionException) {
                return cause.getMessage();
            }
        }
        return null;
    }

    private static String advice(String answer, String prefix) {
        return ADVICE.entrySet().stream()
                .filter(known -> answer.contains(known.getKey()))
                .map(known -> "; " + known.getValue().replace("PREFIX", prefix))
                .findFirst()
                .orElse("");
    }
}
