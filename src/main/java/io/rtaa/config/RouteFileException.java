package io.rtaa.config;

import org.jspecify.annotations.Nullable;

/** A route file cannot be understood; says which, and what is wrong with it. */
public class RouteFileException extends RuntimeException {

    private static final long serialVersionUID = 1;

    RouteFileException(String location, Throwable cause) {
        super(location + ": " + innermost(cause), cause);
    }

    private static @Nullable String innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause.getMessage();
    }
}
