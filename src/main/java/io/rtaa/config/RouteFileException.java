package io.rtaa.config;

import io.rtaa.routes.RouteFault;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A route file cannot be loaded; says which, and what is wrong with it. */
public class RouteFileException extends RuntimeException {

    private static final long serialVersionUID = 1;

    RouteFileException(String location, Throwable cause) {
        super(location + ": " + innermost(cause), cause);
    }

    /** @param faults one or more */
    RouteFileException(List<RouteFault> faults) {
        super(faults.stream().map(RouteFault::toString).collect(Collectors.joining(System.lineSeparator())));
    }

    private static @Nullable String innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause.getMessage();
    }
}
