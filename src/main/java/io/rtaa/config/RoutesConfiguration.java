package io.rtaa.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.rtaa.bus.SinkFunction;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.operations.HealthPart;
import io.rtaa.routes.ManagedRouteFiles;
import io.rtaa.routes.RouteFailures;
import io.rtaa.routes.RouteMeters;
import io.rtaa.wire.TranscriptJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.spi.EventNotifier;
import org.apache.camel.spi.TypeConverterRegistry;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.support.EventNotifierSupport;
import org.apache.camel.support.SimpleTypeConverter;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** Settings, the routes of this process, and what every route may rely on. */
@Configuration(proxyBeanMethods = false)
class RoutesConfiguration {

    /**
     * Besides those from {@code asr:}. A caller's protocol has a route of its own, and others may work: that is a note.
     */
    private static final Set<String> EVERY_WORD =
            Set.of("windows-in", "windows", "windows-out", "asr-audio", "transcripts-out");

    /**
     * Built-in routes that run for each window of audio, or for each event of a transcript. So does a route that takes in a
     * caller's frames, a team's too.
     */
    static final Set<String> RUN_OFTEN = Set.of(
            "windows-in",
            "windows",
            "windows-out",
            "asr-audio",
            "asr-transcripts",
            "transcripts-out",
            "dashboard-transcripts",
            "dashboard-fan-out");

    @Bean
    RtaaSettings rtaaSettings(ConfigurableEnvironment environment) {
        return RtaaSettings.read(environment);
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    RouteFailures routeFailures(MeterRegistry registry) {
        return new RouteFailures(registry);
    }

    @Bean
    RouteMeters routeMeters(MeterRegistry registry) {
        return new RouteMeters(
                registry,
                route -> RUN_OFTEN.contains(route.getRouteId())
                        || route.getEndpointUrl().startsWith("websocket:"));
    }

    @Bean
    ManagedRouteFiles managedRouteFiles() {
        return new ManagedRouteFiles();
    }

    @Bean
    CamelContextConfiguration rtaaRoutes(
            RtaaSettings settings, RouteFailures failures, RouteMeters meters, ManagedRouteFiles managed) {
        RouteStarts routeStarts = new RouteStarts();
        return new CamelContextConfiguration() {
            @Override
            public void beforeApplicationStart(CamelContext context) {
                routeStarts.watch(context);
                writeEventsAsJson(context.getTypeConverterRegistry());
                context.getPropertiesComponent().addPropertiesFunction(new SinkFunction(context));
                // What takes calls in stops first, so that what is under way still finds its way out.
                context.getShutdownStrategy().setShutdownRoutesInReverseOrder(false);
                failures.watch(context);
                meters.watch(context);
                try {
                    RouteFiles files = new RouteFiles(settings);
                    files.loadInto(context);
                    managed.loaded(files.loaded());
                } catch (IOException e) {
                    throw new RouteFileException("RTAA_ROUTES", e);
                }
            }

            @Override
            public void afterApplicationStart(CamelContext context) {
                routeStarts.done(context);
                EndpointsLog.write(settings, context);
                context.getManagementStrategy().getEventNotifiers().forEach(RoutesConfiguration::ignoreExchanges);
            }
        };
    }

    /** Who listens here wants to know when the context stops, and would be told of each step of each frame of audio. */
    private static void ignoreExchanges(EventNotifier notifier) {
        if (notifier instanceof EventNotifierSupport support) {
            support.setIgnoreExchangeEvents(true);
        }
    }

    @Bean
    HealthPart routesHealth(CamelContext context, RouteFailures failures) {
        return new HealthPart(
                "routes",
                () -> {
                    String stopped = stoppedRoutes(context);
                    return stopped != null ? stopped : failures.fault(id -> carriesEveryWord(context, id));
                },
                failures::note);
    }

    /** Routes that all calls' audio or transcripts pass: where one of them fails, this process cannot do its job. */
    private static boolean carriesEveryWord(CamelContext context, String routeId) {
        Route route = context.getRoute(routeId);
        return EVERY_WORD.contains(routeId)
                || (route != null && route.getEndpoint().getEndpointUri().startsWith("asr:"));
    }

    private static @Nullable String stoppedRoutes(CamelContext context) {
        if (context.getStatus() != ServiceStatus.Started) {
            return "the routes are " + context.getStatus();
        }
        List<String> stopped = context.getRoutes().stream()
                .map(Route::getRouteId)
                .filter(id -> !context.getRouteController().getRouteStatus(id).isStarted())
                .toList();
        return stopped.isEmpty() ? null : "stopped: " + String.join(", ", stopped);
    }

    /** A sink that wants text or bytes of an event gets the JSON that browsers get. */
    private static void writeEventsAsJson(TypeConverterRegistry registry) {
        convert(registry, String.class, TranscriptJson::write);
        convert(registry, byte[].class, RoutesConfiguration::bytes);
        convert(registry, InputStream.class, event -> new ByteArrayInputStream(bytes(event)));
    }

    private static byte[] bytes(TranscriptEvent event) {
        return TranscriptJson.write(event).getBytes(StandardCharsets.UTF_8);
    }

    private static <T> void convert(TypeConverterRegistry registry, Class<T> to, Function<TranscriptEvent, T> how) {
        registry.addTypeConverter(
                to,
                TranscriptEvent.class,
                new SimpleTypeConverter(false, (type, exchange, event) -> how.apply((TranscriptEvent) event)));
    }
}
