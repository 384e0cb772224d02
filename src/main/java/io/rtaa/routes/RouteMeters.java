package io.rtaa.routes;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.apache.camel.CamelContext;
import org.apache.camel.NonManagedService;
import org.apache.camel.Route;
import org.apache.camel.api.management.ManagedCamelContext;
import org.apache.camel.api.management.mbean.ManagedRouteMBean;
import org.apache.camel.component.micrometer.routepolicy.MicrometerRoutePolicyConfiguration;
import org.apache.camel.component.micrometer.routepolicy.MicrometerRoutePolicyFactory;
import org.apache.camel.component.micrometer.routepolicy.MicrometerRoutePolicyNamingStrategy;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.RoutePolicySupport;
import org.jspecify.annotations.Nullable;

/**
 * Measures every route by its id, under the names that camel-micrometer gives: exchanges, failures and time. Its policy
 * formats text three times for each exchange. Routes that run for each frame of audio or each event of a transcript are
 * therefore measured by the statistics that camel-management keeps in any case, read when the meters are.
 *
 * <p>Thread-safety: safe.
 *
 * @see <a href="https://camel.apache.org/components/4.14.x/micrometer-component.html">camel-micrometer</a>, read 2026-11
 */
public final class RouteMeters {

    private static final MicrometerRoutePolicyNamingStrategy NAMES = MicrometerRoutePolicyNamingStrategy.DEFAULT;

    private final MeterRegistry registry;
    private final Predicate<RouteDefinition> runsOften;
    private final MicrometerRoutePolicyFactory policies = new MicrometerRoutePolicyFactory();

    /**
     * @param registry where the meters of each route are registered while the route exists
     * @param runsOften says of a route whether it is measured by Camel's statistics
     */
    public RouteMeters(MeterRegistry registry, Predicate<RouteDefinition> runsOften) {
        this.registry = registry;
        this.runsOften = runsOften;
        MicrometerRoutePolicyConfiguration configuration = new MicrometerRoutePolicyConfiguration();
        // A sum over some of the routes only would mislead.
        configuration.setContextEnabled(false);
        policies.setPolicyConfiguration(configuration);
        policies.setMeterRegistry(registry);
        policies.setSkipCamelInfo(true);
    }

    /** Measures every route of a context; called before its routes are made. */
    public void watch(CamelContext context) {
        context.addRoutePolicyFactory(
                (camel, routeId, definition) -> definition instanceof RouteDefinition route && runsOften.test(route)
                        ? new Statistics()
                        : policies.createRoutePolicy(camel, routeId, definition));
    }

    /** The meters of one route, which read Camel's statistics. Without JMX there are none. */
    private final class Statistics extends RoutePolicySupport implements NonManagedService {

        private final List<Meter> meters = new ArrayList<>();

        private volatile @Nullable ManagedRouteMBean route;

        @Override
        public void onStart(Route started) {
            ManagedCamelContext managed =
                    started.getCamelContext().getCamelContextExtension().getContextPlugin(ManagedCamelContext.class);
            route = managed == null ? null : managed.getManagedRoute(started.getRouteId());
            if (route == null || !meters.isEmpty()) {
                return;
            }
            Tags tags = NAMES.getExchangeStatusTags(started);
            count(NAMES.getExchangesTotalName(started), tags, ManagedRouteMBean::getExchangesTotal);
            count(NAMES.getExchangesSucceededName(started), tags, ManagedRouteMBean::getExchangesCompleted);
            count(NAMES.getExchangesFailedName(started), tags, ManagedRouteMBean::getExchangesFailed);
            count(NAMES.getFailuresHandledName(started), tags, ManagedRouteMBean::getFailuresHandled);
            count(NAMES.getExternalRedeliveriesName(started), tags, ManagedRouteMBean::getExternalRedeliveries);
            meters.add(FunctionTimer.builder(
                            NAMES.getName(started),
                            this,
                            // Camel adds up the time of those that did not fail.
                            policy -> (long) policy.read(ManagedRouteMBean::getExchangesCompleted),
                            policy -> policy.read(ManagedRouteMBean::getTotalProcessingTime),
                            TimeUnit.MILLISECONDS)
                    .tags(NAMES.getTags(started))
                    .register(registry));
        }

        private void count(String name, Tags tags, ToDoubleFunction<ManagedRouteMBean> figure) {
            meters.add(FunctionCounter.builder(name, this, policy -> policy.read(figure))
                    .tags(tags)
                    .register(registry));
        }

        /** A figure; {@code NaN} while the route is being removed. */
        private double read(ToDoubleFunction<ManagedRouteMBean> figure) {
            ManagedRouteMBean read = route;
            try {
                return read == null ? Double.NaN : figure.applyAsDouble(read);
            } catch (UndeclaredThrowableException e) {
                // The route has gone from JMX already; the other meters have to be readable.
                return Double.NaN;
            }
        }

        @Override
        public void onRemove(Route removed) {
            meters.forEach(registry::remove);
            meters.clear();
            route = null;
        }
    }
}
