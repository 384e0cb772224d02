package io.rtaa.config;

import org.jspecify.annotations.Nullable;

/** Goes with the failure of a start, as a suppressed one: says whose endpoint failed. */
class RouteStartException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String routeId;
    private final @Nullable String location;

    /** @param location the route's file; null where it has none */
    RouteStartException(String routeId, @Nullable String location) {
        super("route " + routeId + " cannot be started");
        this.routeId = routeId;
        this.location = location;
    }

    String routeId() {
        return routeId;
    }

    @Nullable
    String location() {
        return location;
    }
}
