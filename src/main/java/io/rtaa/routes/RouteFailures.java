package io.rtaa.routes;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Route;
import org.apache.camel.processor.aggregate.AggregateProcessor;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.LoggingExceptionHandler;
import org.apache.camel.support.RoutePolicySupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts every failed try of a step, by route, and logs one with its trace at most once a minute and route. It stands
 * in for what Camel's error handlers, consumers and aggregators would log of each event. From the same counts it says
 * which routes fail most of their events.
 *
 * <p>Costs a look at the exchange for an event that passes. Thread-safety: safe.
 */
public final class RouteFailures {

    private static final Logger LOG = LoggerFactory.getLogger(RouteFailures.class);

    /** The failure of an exchange that is counted: a route that was called by another hands it on. */
    private static final String COUNTED = "RtaaCountedFailure";

    private final MeterRegistry registry;
    private final LongSupplier nanos;
    private final Map<String, Watched> routes = new ConcurrentHashMap<>();

    /** @param registry where the counters of each route are registered */
    public RouteFailures(MeterRegistry registry) {
        this(registry, System::nanoTime);
    }

    RouteFailures(MeterRegistry registry, LongSupplier nanos) {
        this.registry = registry;
        this.nanos = nanos;
    }

    /** Watches every route of a context; called before its routes are made. */
    public void watch(CamelContext context) {
        context.getCamelContextExtension().addContextPlugin(RouteFailures.class, this);
        context.addRoutePolicyFactory((camel, routeId, definition) -> new Watch());
    }

    /** The one that watches a context; null where none does. */
    public static @Nullable RouteFailures of(CamelContext context) {
        return context.getCamelContextExtension().getContextPlugin(RouteFailures.class);
    }

    /** A step failed, and its policy has decided what comes of it. */
    void tryFailed(Exchange exchange, Throwable failure, FailureKind kind) {
        String routeId = exchange.getProperty(ExchangePropertyKey.FAILURE_ROUTE_ID, String.class);
        Watched route = watched(routeId != null ? routeId : exchange.getFromRouteId());
        exchange.setProperty(COUNTED, failure);
        route.count(exchange, failure, kind);
        if (GivenUpException.isMarked(exchange)) {
            route.givenUp.increment();
        }
    }

    /** Whatever offered an event to a route gives it up, although the route's own policy did not. */
    public void givenUp(String routeId) {
        watched(routeId).givenUp.increment();
    }

    /**
     * Routes of which most events have failed for a minute, or that have waited so long for what is away; null for
     * none.
     */
    public @Nullable String note() {
        return fault(route -> true);
    }

    /**
     * The same of some routes only.
     *
     * @param which by id
     */
    public @Nullable String fault(Predicate<String> which) {
        List<String> failing = routes.entrySet().stream()
                .filter(route -> which.test(route.getKey()))
                .map(route -> route.getValue().health.reason(nanos.getAsLong()))
                .filter(Objects::nonNull)
                .sorted()
                .toList();
        return failing.isEmpty() ? null : String.join("; ", failing);
    }

    private Watched watched(@Nullable String routeId) {
        return routes.computeIfAbsent(routeId == null ? "unknown" : routeId, Watched::new);
    }

    /** One route. */
    private final class Watched implements ExceptionHandler {

        private final String id;
        private final RouteHealth health;
        private final Counter failures;
        private final Counter givenUp;

        /** How the last event that failed did: its consumer tells of it once more, without its exchange. */
        private final AtomicReference<@Nullable Throwable> lastDone = new AtomicReference<>();

        private final LogThrottle throttle = new LogThrottle();

        Watched(String id) {
            this.id = id;
            this.health = new RouteHealth(id);
            this.failures = counter("rtaa.route.failures", "Tries of a step that failed");
            this.givenUp = counter("rtaa.route.given.up", "Events that were given up");
        }

        private Counter counter(String name, String description) {
            return Counter.builder(name)
                    .description(description)
                    .tag("route", id)
                    .register(registry);
        }

        void done(Exchange exchange) {
            Throwable failure = exchange.getException();
            if (failure == null && exchange.getExchangeExtension().isErrorHandlerHandledSet()) {
                failure = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class);
            }
            if (failure == null) {
                health.succeeded(nanos);
                return;
            }
            lastDone.set(failure);
            countOnce(exchange, failure);
        }

        private void countOnce(Exchange exchange, Throwable failure) {
            if (exchange.getProperty(COUNTED) != failure) {
                exchange.setProperty(COUNTED, failure);
                count(exchange, failure, FailureKind.of(failure, exchange.getContext()));
            }
        }

        void count(@Nullable Exchange exchange, Throwable failure, FailureKind kind) {
            failures.increment();
            String step = exchange == null ? "" : FailedStep.current(exchange);
            FailedStep noted = exchange == null ? null : FailedStep.of(exchange);
            // Anybody may ask for health: an endpoint's address is for the log.
            health.failed(nanos.getAsLong(), failure, noted == null ? "" : noted.id(), kind);
            throttle.count(nanos.getAsLong());
            long count = throttle.due(nanos.getAsLong());
            if (count > 0) {
                log(exchange, failure, step, kind, count);
            }
        }

        private void log(@Nullable Exchange exchange, Throwable failure, String step, FailureKind kind, long count) {
            Object body = exchange == null ? null : exchange.getMessage().getBody();
            var line = (kind == FailureKind.OUTAGE ? LOG.atWarn() : LOG.atError())
                    .addKeyValue("route", id)
                    .addKeyValue("step", step)
                    .addKeyValue("failures", count);
            if (kind == FailureKind.OUTAGE) {
                line.log("A step waits for what is away, slow or full: {}", LoggedFailure.describe(failure, body));
            } else {
                line.setCause(LoggedFailure.of(failure, body)).log("A step failed");
            }
        }

        @Override
        public void handleException(Throwable failure) {
            handleException(null, null, failure);
        }

        @Override
        public void handleException(@Nullable String message, Throwable failure) {
            handleException(message, null, failure);
        }

        /** Tells of an event that the route is done with, and has counted, or of what happened outside of the route. */
        @Override
        public void handleException(@Nullable String message, @Nullable Exchange exchange, Throwable failure) {
            Throwable cause =
                    failure instanceof GivenUpException && failure.getCause() != null ? failure.getCause() : failure;
            if (exchange != null) {
                countOnce(exchange, cause);
            } else if (!lastDone.compareAndSet(cause, null)) {
                count(null, cause, FailureKind.UNKNOWN);
            }
        }
    }

    /** Sees the events of one route. */
    private final class Watch extends RoutePolicySupport {

        private @Nullable Watched route;

        @Override
        public void onInit(Route initialised) {
            route = watched(initialised.getRouteId());
        }

        /**
         * Whatever would log each failure by itself counts it here instead, unless it was told to do something else.
         */
        @Override
        public void onStart(Route started) {
            Watched handler = watched(started.getRouteId());
            if (started.getConsumer() instanceof DefaultConsumer consumer
                    && consumer.getExceptionHandler() instanceof LoggingExceptionHandler) {
                consumer.setExceptionHandler(handler);
            }
            started.getServices().stream()
                    .filter(AggregateProcessor.class::isInstance)
                    .map(AggregateProcessor.class::cast)
                    .forEach(aggregator -> aggregator.setExceptionHandler(handler));
        }

        @Override
        public void onExchangeDone(Route done, Exchange exchange) {
            Watched here = route;
            if (here != null) {
                here.done(exchange);
            }
        }
    }
}
