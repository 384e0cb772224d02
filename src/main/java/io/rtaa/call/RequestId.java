package io.rtaa.call;

import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The id of a request to the public listener, by which its log lines, its call and the logs of a proxy before it are
 * brought together. A peer may bring one; every answer has it.
 *
 * <p>Thread-safety: stateless.
 */
public final class RequestId {

    /** The header of requests and answers, in lower case. */
    public static final String HEADER = "x-request-id";

    /** What proxies make: a UUID, a number in hexadecimal digits, a trace id. */
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._:/+=@-]{1,128}");

    private RequestId() {}

    /**
     * The id that a request brings, or a new one where it brings none, or one that is not 1 to 128 letters, digits and
     * {@code ._:/+=@-}.
     */
    public static String takenOrMade(@Nullable String brought) {
        return brought != null && ALLOWED.matcher(brought).matches()
                ? brought
                : UUID.randomUUID().toString();
    }
}
