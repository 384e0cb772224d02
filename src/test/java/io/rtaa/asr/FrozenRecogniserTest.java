package io.rtaa.asr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.StreamId;
import io.rtaa.testsupport.CapturedLog;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A recogniser that fails under many calls at once. */
class FrozenRecogniserTest {

    private static final int MANY = 200;

    /** One more and the breaker opens. */
    private static final int FEW = 4;

    private static final int RATE = 8000;

    private final AtomicLong nowNanos = new AtomicLong();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ScriptedRecogniser recogniser = new ScriptedRecogniser(Double.POSITIVE_INFINITY);
    private final AsrComponent component = new AsrComponent();
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final CapturedLog log = CapturedLog.of("io.rtaa.asr", Level.INFO);

    @BeforeEach
    void start() throws Exception {
        component.setMeterRegistry(meters);
        component.addProvider(recogniser);
        component.setGateOptions(GateOptions.DEFAULTS.withMaxSessions(MANY));
        component.setTime(new SessionTime(Clock.systemUTC(), nowNanos::get, new Random(1)));
        context.addComponent("asr", component);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("asr:scripted").routeId("events").to("log:events?level=TRACE");
                from("direct:audio").to("asr:scripted");
            }
        });
        context.start();
    }

    @AfterEach
    void stop() {
        log.close();
        context.stop();
    }

    private void speak(int calls) throws Exception {
        try (ProducerTemplate template = context.createProducerTemplate()) {
            for (int call = 0; call < calls; call++) {
                StreamId stream = new StreamId("acme", "s" + call);
                template.sendBody("direct:audio", new AudioWindow(stream, 1, 0, RATE, new byte[1600]));
            }
        }
    }

    private void passes(Duration time) {
        for (long left = time.toMillis(); left > 0; left -= 100) {
            nowNanos.addAndGet(Duration.ofMillis(100).toNanos());
            component.tick();
        }
    }

    @Test
    void aFreezeUnder200CallsIsOneLineAndACount() throws Exception {
        speak(MANY);
        passes(SessionOptions.DEFAULTS.frozenAfter().plus(CallTroubles.GATHER).plusSeconds(1));

        // The component's own ticker takes part of the work.
        await().untilAsserted(() -> assertThat(log.lines())
                .filteredOn(line -> line.startsWith("WARN Recogniser lost: the recogniser took audio and said nothing"))
                .singleElement()
                .asString()
                .contains(" calls=200 times=200 ", " cause=frozen ", " provider=scripted "));
        assertThat(log.lines())
                .filteredOn(line -> line.contains("interaction_id"))
                .hasSize(1);
        assertThat(meters.get("rtaa.asr.connections.lost")
                        .tag("cause", "frozen")
                        .counter()
                        .count())
                .isEqualTo(MANY);
    }

    @Test
    void whenEveryCallHasARecogniserAgainTheLogSaysSoOnce() throws Exception {
        speak(FEW);
        List.copyOf(recogniser.connections).forEach(ScriptedRecogniser.Connection::isLost);
        // More than the first wait of any call.
        passes(CallTroubles.GATHER.plus(SessionOptions.DEFAULT_RETRY_BASE).plusSeconds(1));

        await().untilAsserted(() -> assertThat(log.lines()).hasSize(2));
        assertThat(log.lines().get(0)).startsWith("WARN Recogniser lost: connection reset calls=4 times=4 ");
        assertThat(log.lines().get(1))
                .startsWith(
                        "INFO No call waits for the recogniser it lost: each has one again, has ended, or was refused for good provider=scripted calls=4");
    }
}
