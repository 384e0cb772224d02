package io.rtaa.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.rtaa.testsupport.CamelJmx;
import java.util.List;
import java.util.regex.Pattern;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.ManagementStatisticsLevel;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two routes, one of which runs often, measured as the service's are. */
@ExtendWith(CamelJmx.class)
class RouteMetersTest {

    private static final List<String> COUNTED = List.of(
            "camel_exchanges_total",
            "camel_exchanges_succeeded_total",
            "camel_exchanges_failed_total",
            "camel_exchanges_failures_handled_total",
            "camel_exchanges_external_redeliveries_total");

    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final DefaultCamelContext context = new DefaultCamelContext();

    @BeforeEach
    void start() throws Exception {
        new RouteMeters(meters, route -> "frames".equals(route.getRouteId())).watch(context);
        // As application.yaml has it.
        context.getManagementStrategy().getManagementAgent().setStatisticsLevel(ManagementStatisticsLevel.RoutesOnly);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                for (String id : List.of("frames", "sink")) {
                    from("direct:" + id)
                            .routeId(id)
                            .errorHandler(noErrorHandler())
                            .filter(body().isEqualTo("bad"))
                            .throwException(new IllegalArgumentException("on purpose"))
                            .end()
                            .delay(5);
                }
            }
        });
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private void send(String route, String... bodies) throws Exception {
        try (ProducerTemplate template = context.createProducerTemplate()) {
            for (String body : bodies) {
                template.send(
                        "direct:" + route, exchange -> exchange.getMessage().setBody(body));
            }
        }
    }

    private String labels(String route) {
        return "{camelContext=\"" + context.getName() + "\",eventType=\"route\",kind=\"CamelRoute\",routeId=\"" + route
                + "\"}";
    }

    private double sample(String name, String route) {
        var line = Pattern.compile("(?m)^" + Pattern.quote(name + labels(route)) + " (.*)$")
                .matcher(meters.scrape());
        assertThat(line.find())
                .as("%s of %s in %s", name, route, meters.scrape())
                .isTrue();
        return Double.parseDouble(line.group(1));
    }

    @Test
    void everyRouteIsThereFromItsStartOn() {
        for (String route : List.of("frames", "sink")) {
            assertThat(COUNTED)
                    .allSatisfy(name -> assertThat(sample(name, route)).isZero());
        }
    }

    @Test
    void aRouteThatRunsOftenHasTheFiguresThatTheOthersHave() throws Exception {
        for (String route : List.of("frames", "sink")) {
            send(route, "good", "bad", "good", "good");

            assertThat(sample("camel_exchanges_total", route)).isEqualTo(4);
            assertThat(sample("camel_exchanges_succeeded_total", route)).isEqualTo(3);
            assertThat(sample("camel_exchanges_failed_total", route)).isEqualTo(1);
            assertThat(sample("camel_route_policy_seconds_count", route)).isBetween(3d, 4d);
            assertThat(sample("camel_route_policy_seconds_sum", route)).isGreaterThanOrEqualTo(0.015);
        }
        assertThat(sample("camel_route_policy_seconds_max", "sink")).isPositive();
        assertThat(meters.scrape())
                .doesNotContain("camel_route_policy_seconds_max" + labels("frames"))
                .doesNotContain("eventType=\"context\"")
                .doesNotContain("camel_exchange_event");
    }

    @Test
    void aRouteThatStopsKeepsItsFiguresAndOneThatIsRemovedHasNone() throws Exception {
        send("frames", "good");
        context.getRouteController().stopRoute("frames");
        context.getRouteController().startRoute("frames");
        send("frames", "good");

        assertThat(sample("camel_exchanges_total", "frames")).isEqualTo(2);

        for (String route : List.of("frames", "sink")) {
            send(route, "good");
            context.getRouteController().stopRoute(route);
            context.removeRoute(route);

            assertThat(meters.scrape()).doesNotContain("routeId=\"" + route + "\"");
        }
    }

    @Test
    void eachStepHasNoStatisticsOfItsOwn() throws Exception {
        send("frames", "good");

        MBeanServer beans = context.getManagementStrategy().getManagementAgent().getMBeanServer();
        assertThat(beans.queryNames(new ObjectName("org.apache.camel:type=processors,*"), null))
                .isNotEmpty()
                .allSatisfy(step -> assertThat(beans.getAttribute(step, "StatisticsEnabled"))
                        .isEqualTo(false));
    }

    @Test
    void theMetersCanBeReadWhenTheContextIsGone() {
        context.stop();

        assertThat(meters.scrape()).isNotNull();
    }
}
