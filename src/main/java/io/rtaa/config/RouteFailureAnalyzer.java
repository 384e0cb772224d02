package io.rtaa.config;

import io.rtaa.routes.RouteFailure;
import org.apache.camel.CamelContext;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.Route;
import org.apache.camel.RuntimeCamelException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/** Shows a route that Camel cannot create or start as one sentence instead of a stack trace. */
class RouteFailureAnalyzer implements FailureAnalyzer {

    private final BeanFactory beans;

    RouteFailureAnalyzer(BeanFactory beans) {
        this.beans = beans;
    }

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailedToCreateRouteException create && create.getRouteId() != null) {
                return analysis("created", create.getRouteId(), create);
            }
            if (cause instanceof FailedToStartRouteException start) {
                return analysis("started", start.getRouteId(), start);
            }
        }
        Route starting = failure instanceof RuntimeCamelException
                ? beans.getBean(RouteStarts.class).starting()
                : null;
        return starting == null ? null : analysis("started", starting.getRouteId(), failure);
    }

    private FailureAnalysis analysis(String what, String id, Throwable failure) {
        String location = RouteStarts.location(beans.getBean(CamelContext.class), id);
        return new FailureAnalysis(
                "Route '" + id + "'" + (location == null ? "" : " of " + location) + " cannot be " + what + ": "
                        + RouteFailure.reason(failure),
                "Mend the route; docs/routes.md says what routes may rely on, and 'java -jar rtaa.jar validate DIR'"
                        + " checks files without starting them.",
                failure);
    }
}
