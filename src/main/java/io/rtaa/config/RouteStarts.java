package io.rtaa.config;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Route;
import org.apache.camel.Service;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.LifecycleStrategySupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Knows which route is being started, since Camel does not say whose endpoint it was that failed, and keeps Camel from
 * printing a stack trace of it: {@link RouteFailureAnalyzer} says the same in a sentence.
 *
 * <p>Thread-safety: used by the thread that starts the context, and by the same one when the start has failed.
 */
class RouteStarts extends LifecycleStrategySupport {

    private static final String START_FAILED = "Error starting CamelContext";

    private final TurboFilter withoutTrace = new TurboFilter() {
        @Override
        public FilterReply decide(
                @Nullable Marker marker,
                Logger logger,
                Level level,
                @Nullable String format,
                Object @Nullable [] parameters,
                @Nullable Throwable thrown) {
            return level == Level.ERROR && format != null && format.startsWith(START_FAILED)
                    ? FilterReply.DENY
                    : FilterReply.NEUTRAL;
        }
    };

    private @Nullable Route starting;

    /** Watches a context that is about to start. */
    void watch(CamelContext context) {
        context.addLifecycleStrategy(this);
        ((LoggerContext) LoggerFactory.getILoggerFactory()).addTurboFilter(withoutTrace);
    }

    /** The context has started, or failed to. */
    void done() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).getTurboFilterList().remove(withoutTrace);
        starting = null;
    }

    /** The route whose endpoint was started last; null where none was. */
    @Nullable
    Route starting() {
        return starting;
    }

    /** A route's file and line; null where it has none. */
    static @Nullable String location(CamelContext context, String routeId) {
        RouteDefinition route = ((ModelCamelContext) context).getRouteDefinition(routeId);
        if (route == null || route.getLocation() == null) {
            return null;
        }
        return route.getLineNumber() > 0 ? route.getLocation() + ":" + route.getLineNumber() : route.getLocation();
    }

    @Override
    public void onServiceAdd(CamelContext context, Service service, @Nullable Route route) {
        if (service instanceof Consumer && route != null) {
            starting = route;
        }
    }
}
