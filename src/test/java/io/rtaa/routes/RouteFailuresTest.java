package io.rtaa.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.testsupport.CapturedLog;
import io.rtaa.testsupport.Shorthand;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.timer.TimerConsumer;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.processor.aggregate.GroupedBodyAggregationStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RouteFailuresTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AtomicLong nanos = new AtomicLong(Duration.ofDays(1).toNanos());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final RouteFailures failures = new RouteFailures(meters, nanos::get);
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final CapturedLog log = CapturedLog.of(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private volatile Processor step = exchange -> {};

    @BeforeEach
    void watch() {
        failures.watch(context);
        // As application.yaml has it.
        ((Logger) LoggerFactory.getLogger("org.apache.camel.processor.errorhandler.DefaultErrorHandler"))
                .setLevel(Level.OFF);
    }

    @AfterEach
    void stop() {
        context.stop();
        log.close();
        ((Logger) LoggerFactory.getLogger("org.apache.camel.processor.errorhandler.DefaultErrorHandler"))
                .setLevel(null);
    }

    private void routes(RouteBuilder routes) throws Exception {
        context.addRoutes(routes);
        context.start();
    }

    private void send(String address, Object body, int times) throws Exception {
        try (ProducerTemplate template = context.createProducerTemplate()) {
            for (int i = 0; i < times; i++) {
                template.send(address, exchange -> exchange.getMessage().setBody(body));
            }
        }
    }

    private List<ILoggingEvent> traces() {
        return log.events().stream()
                .filter(event -> event.getThrowableProxy() != null)
                .toList();
    }

    private double count(String route) {
        return meters.get("rtaa.route.failures").tag("route", route).counter().count();
    }

    private void simpleRoute() throws Exception {
        routes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").routeId("simple").process(exchange -> step.process(exchange));
            }
        });
    }

    @Test
    void everyFailureIsCountedAndOneAMinuteIsLoggedWithItsTrace() throws Exception {
        step = exchange -> {
            throw new IllegalArgumentException("on purpose");
        };
        simpleRoute();

        send("direct:in", "x", 500);
        assertThat(count("simple")).isEqualTo(500);
        assertThat(traces()).hasSize(1);

        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        send("direct:in", "x", 500);

        assertThat(traces()).hasSize(2).last().satisfies(line -> {
            assertThat(line.getLevel()).isEqualTo(Level.ERROR);
            assertThat(line.getKeyValuePairs().toString()).contains("route=\"simple\"", "failures=\"500\"");
            assertThat(ThrowableProxyUtil.asString(line.getThrowableProxy())).contains("on purpose");
        });
    }

    @Test
    void aFailureThatOneRouteHandsOnToAnotherIsCountedWhereItHappened() throws Exception {
        routes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:outer")
                        .routeId("outer")
                        .errorHandler(noErrorHandler())
                        .to("direct:inner");
                from("direct:inner")
                        .routeId("inner")
                        .errorHandler(noErrorHandler())
                        .throwException(new IllegalArgumentException("on purpose"));
            }
        });

        send("direct:outer", "x", 3);

        assertThat(count("inner")).isEqualTo(3);
        assertThat(count("outer")).isZero();
        assertThat(traces()).hasSize(1);
    }

    @Test
    void consumersAggregatorsAndTimersLogNoFailureOfTheirOwn() throws Exception {
        routes(new RouteBuilder() {
            @Override
            public void configure() {
                from("seda:queue").routeId("queue").throwException(new IllegalArgumentException("queued"));
                from("direct:groups")
                        .routeId("groups")
                        .aggregate(constant(true), new GroupedBodyAggregationStrategy())
                        .completionSize(1)
                        .throwException(new IllegalArgumentException("grouped"));
                from("timer:often?period=1&delay=0&repeatCount=20")
                        .routeId("often")
                        .throwException(new IllegalArgumentException("timed"));
            }
        });

        send("seda:queue", "x", 20);
        send("direct:groups", "x", 20);

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(count("queue")).isEqualTo(20);
            assertThat(count("groups")).isEqualTo(20);
            assertThat(count("often")).isEqualTo(20);
        });
        assertThat(traces()).hasSize(3);
        assertThat(context.getRoute("often").getConsumer()).isInstanceOf(TimerConsumer.class);
    }

    @Test
    void anOutageIsLoggedWithoutATraceOnceAMinute() throws Exception {
        step = exchange -> {
            throw new ConnectException("the crm is away");
        };
        simpleRoute();

        send("direct:in", "x", 50);

        assertThat(traces()).isEmpty();
        assertThat(log.events())
                .filteredOn(line -> line.getFormattedMessage().contains("the crm is away"))
                .singleElement()
                .satisfies(line -> assertThat(line.getLevel()).isEqualTo(Level.WARN));
    }

    @Test
    void whatWasSaidIsNotLogged() throws Exception {
        Final said =
                Shorthand.finalOf(new StreamId("t", "i"), 1, 0, "my secret", null, 0, 100, 0, null, true, List.of());
        step = exchange -> exchange.getMessage().getMandatoryBody(Integer.class);
        simpleRoute();

        send("direct:in", said, 1);
        nanos.addAndGet(Duration.ofMinutes(2).toNanos());
        step = exchange -> {
            throw new IllegalArgumentException("cannot take 'my secret'");
        };
        send("direct:in", said, 1);

        assertThat(traces())
                .hasSize(2)
                .allSatisfy(line -> assertThat(ThrowableProxyUtil.asString(line.getThrowableProxy()))
                        .doesNotContain("my secret")
                        .contains(RouteFailuresTest.class.getSimpleName()));
    }

    @Test
    void aRouteOnWhichMostEventsFailedForAMinuteIsNotedUntilTheyPass() throws Exception {
        step = RouteFailuresTest::failUnlessGood;
        simpleRoute();

        send("direct:in", "bad", 1);
        for (int tens = 0; tens < 6; tens++) {
            assertThat(failures.note()).isNull();
            nanos.addAndGet(Duration.ofSeconds(10).toNanos());
            send("direct:in", "bad", 3);
            send("direct:in", "good", 1);
        }
        assertThat(failures.note())
                .contains("route simple has failed since", "IllegalArgumentException", "18 failed tries", "6 events");
        assertThat(failures.fault("other"::equals)).isNull();
        assertThat(failures.fault("simple"::equals)).isNotNull();

        send("direct:in", "good", 30);
        assertThat(failures.note()).isNull();
    }

    private static void failUnlessGood(Exchange exchange) {
        if (!exchange.getMessage().getBody(String.class).equals("good")) {
            throw new IllegalArgumentException("bad");
        }
    }

    @Test
    void aFewFailuresAmongManyEventsAreNotNoted() throws Exception {
        step = RouteFailuresTest::failUnlessGood;
        simpleRoute();

        for (int tens = 0; tens < 12; tens++) {
            send("direct:in", "bad", 2);
            send("direct:in", "good", 5);
            nanos.addAndGet(Duration.ofSeconds(10).toNanos());
            assertThat(failures.note()).isNull();
        }
    }

    @Test
    void failuresThatAreAMinuteAgoAreForgotten() throws Exception {
        step = RouteFailuresTest::failUnlessGood;
        simpleRoute();
        for (int tens = 0; tens < 8; tens++) {
            send("direct:in", "bad", 2);
            nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        }
        assertThat(failures.note()).isNotNull();

        nanos.addAndGet(Duration.ofMinutes(1).toNanos());

        assertThat(failures.note()).isNull();
    }

    @Test
    void aRouteThatWaitsForAMinuteIsNotedUntilAnEventPasses() throws Exception {
        step = exchange -> {
            if (exchange.getMessage().getBody(String.class).equals("away")) {
                throw new ConnectException("the crm is away");
            }
        };
        simpleRoute();

        for (int fives = 0; fives < 12; fives++) {
            assertThat(failures.note()).isNull();
            send("direct:in", "away", 1);
            nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        }
        assertThat(failures.note()).contains("route simple has waited since", "ConnectException");

        send("direct:in", "back", 1);

        assertThat(failures.note()).isNull();
    }
}
