package io.rtaa.config;

import io.rtaa.routes.RouteFailure;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/** Shows a route that Camel cannot create or start as one sentence instead of a stack trace. */
class RouteFailureAnalyzer implements FailureAnalyzer {

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailedToCreateRouteException create && create.getRouteId() != null) {
                return analysis("created", create.getRouteId(), create.getLocation(), create);
            }
            if (cause instanceof FailedToStartRouteException start) {
                return analysis("started", start.getRouteId(), start.getLocation(), start);
            }
            for (Throwable suppressed : cause.getSuppressed()) {
                if (suppressed instanceof RouteStartException start) {
                    return analysis("started", start.routeId(), start.location(), failure);
                }
            }
        }
        return null;
    }

    private static FailureAnalysis analysis(String what, String id, @Nullable String location, Throwable failure) {
        return new FailureAnalysis(
                "Route '" + id + "'" + (location == null ? "" : " of " + RouteFailure.place(location, id))
                        + " cannot be " + what + ": " + RouteFailure.reason(failure),
                "Mend the route; docs/routes.md says what routes may rely on, and 'java -jar rtaa.jar validate DIR'"
                        + " checks files without starting them.",
                failure);
    }
}
