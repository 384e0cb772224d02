package io.rtaa.config;

import io.rtaa.routes.RouteFailure;
import io.rtaa.routes.RouteFault;
import java.util.List;
import java.util.stream.Collectors;

/** A route file cannot be loaded; says which, at which line, and what is wrong with it. */
public class RouteFileException extends RuntimeException {

    private static final long serialVersionUID = 1;

    RouteFileException(String location, Throwable cause) {
        super(location + line(cause) + ": " + RouteFailure.reason(cause), cause);
    }

    /** @param faults one or more */
    RouteFileException(List<RouteFault> faults) {
        super(faults.stream().map(RouteFault::toString).collect(Collectors.joining(System.lineSeparator())));
    }

    private static String line(Throwable cause) {
        int line = RouteFailure.line(cause, 0);
        return line == 0 ? "" : ":" + line;
    }
}
