package io.rtaa.routes;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an exception of Camel's says about a route file, for a message without a stack trace.
 *
 * <p>Thread-safety: stateless.
 */
public final class RouteFailure {

    private static final Pattern LINE = Pattern.compile("line[: ]+(\\d+)");

    private RouteFailure() {}

    /**
     * The line that a failure or one of its causes names, from 1.
     *
     * @param otherwise the answer where none names one
     */
    public static int line(Throwable failure, int otherwise) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Matcher matcher = LINE.matcher(String.valueOf(cause.getMessage()));
            if (matcher.find()) {
                return Integer.parseInt(matcher.group(1));
            }
        }
        return otherwise;
    }

    /** What the innermost cause says, in one line; its type where it says nothing. */
    public static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null
                ? cause.getClass().getSimpleName()
                : message.replaceAll("\\s+", " ").strip();
    }
}
