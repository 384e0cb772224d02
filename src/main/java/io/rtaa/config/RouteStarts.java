package io.rtaa.config;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.CamelContextStartupFailureEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Notes on the failure of a start which route it was whose endpoint failed, since Camel does not say, and keeps Camel
 * from printing a stack trace of it: {@link RouteFailureAnalyzer} says the same in a sentence.
 *
 * <p>Thread-safety: used by the thread that starts the context.
 */
final class RouteStarts extends EventNotifierSupport {

    /** Where Camel keeps what went wrong with a route's start. */
    private static final String FAILURE = "route.start.exception";

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

    RouteStarts() {
        setIgnoreCamelContextEvents(false);
        setIgnoreExchangeEvents(true);
        setIgnoreStepEvents(true);
        setIgnoreRouteEvents(true);
        setIgnoreServiceEvents(true);
    }

    /** Watches a context that is about to start. */
    void watch(CamelContext context) {
        context.getManagementStrategy().addEventNotifier(this);
        loggers().addTurboFilter(withoutTrace);
    }

    /** The context has started. */
    void done(CamelContext context) {
        context.getManagementStrategy().removeEventNotifier(this);
        loggers().getTurboFilterList().remove(withoutTrace);
    }

    @Override
    public boolean isEnabled(CamelEvent event) {
        return event instanceof CamelContextStartupFailureEvent;
    }

    @Override
    public void notify(CamelEvent event) {
        CamelContextStartupFailureEvent failed = (CamelContextStartupFailureEvent) event;
        loggers().getTurboFilterList().remove(withoutTrace);
        for (Route route : failed.getContext().getRoutes()) {
            if (route.getProperties().containsKey(FAILURE)) {
                RouteDefinition definition =
                        ((ModelCamelContext) failed.getContext()).getRouteDefinition(route.getRouteId());
                String location = definition == null ? null : definition.getLocation();
                failed.getCause().addSuppressed(new RouteStartException(route.getRouteId(), location));
            }
        }
    }

    private static LoggerContext loggers() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }
}
