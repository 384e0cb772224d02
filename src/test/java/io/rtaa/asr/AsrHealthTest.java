package io.rtaa.asr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.EndReason;
import io.rtaa.call.StreamId;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AsrHealthTest {

    private static final int RATE = 8000;
    private static final byte[] LOUD = new byte[1600];
    private static final byte[] SILENT = new byte[1600];

    static {
        Arrays.fill(LOUD, (byte) 0x20);
    }

    private final AtomicLong nowNanos = new AtomicLong();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ScriptedRecogniser recogniser = new ScriptedRecogniser("scripted");
    private final AsrComponent component = new AsrComponent();
    private final AsrHealth health = new AsrHealth(component);
    private final DefaultCamelContext context = new DefaultCamelContext();
    private ProducerTemplate template;
    private long windows;

    @BeforeEach
    void start() throws Exception {
        component.setMeterRegistry(meters);
        component.addProvider(recogniser);
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
        template = context.createProducerTemplate();
    }

    @AfterEach
    void stop() throws IOException {
        template.close();
        context.stop();
    }

    private static StreamId stream(int call) {
        return new StreamId("acme", "s" + call);
    }

    /** So many calls speak and so many say nothing, for a time. */
    private void go(Duration time, int speaking, int silent) {
        for (int tenth = 0; tenth < time.toMillis() / 100; tenth++) {
            for (int call = 0; call < speaking + silent; call++) {
                byte[] pcm = (call < speaking ? LOUD : SILENT).clone();
                template.sendBody("direct:audio", new AudioWindow(stream(call), windows + 1, windows * 800, RATE, pcm));
            }
            windows++;
            nowNanos.addAndGet(Duration.ofMillis(100).toNanos());
            component.tick();
        }
    }

    private double gauge(String name) {
        return meters.get(name).gauge().value();
    }

    /** The component's own ticker takes part of the work. */
    private static void soon(ThrowingRunnable assertion) {
        await().untilAsserted(assertion);
    }

    @Test
    void holdMusicOnEveryCallIsANoteAndNoFault() {
        go(Duration.ofSeconds(14), 3, 20);
        soon(() -> assertThat(health.note()).isNull());
        go(Duration.ofSeconds(2), 3, 20);
        soon(() ->
                assertThat(health.note()).startsWith("3 of 3 calls that get speech have had no transcript for 15 s: "));
        assertThat(health.fault()).isNull();
        soon(() -> assertThat(gauge("rtaa.asr.calls.unheard")).isEqualTo(3));
        soon(() -> assertThat(gauge("rtaa.asr.calls.speaking")).isEqualTo(3));
    }

    @Test
    void aNoteIsOverWithTheNextWordsOrWithTheCalls() {
        go(Duration.ofSeconds(16), 3, 0);
        soon(() -> assertThat(health.note()).startsWith("3 of 3"));
        recogniser.connections.get(0).believes(0, 100, "hel");
        soon(() -> assertThat(health.note()).startsWith("2 of 3"));
        for (int call = 0; call < 3; call++) {
            template.sendBody(
                    "direct:audio", new CallEnd(stream(call), windows + 1, windows * 800, EndReason.STOPPED, 0));
        }
        soon(() -> assertThat(health.note()).isNull());
    }

    @Test
    void callsThatTheRecogniserRefusesForGoodAreUnheardToo() {
        recogniser.refuses(new RecogniserFailure(RecogniserFailure.Kind.STREAM_REFUSED, "full"));
        go(Duration.ofSeconds(16), 3, 0);
        soon(() -> assertThat(health.note()).startsWith("3 of 3"));
        assertThat(health.fault()).isNull();
    }

    @Test
    void aRecogniserThatRefusesEveryCallIsAFaultThatSaysSinceWhenAndWhatToDo() {
        Instant since = Instant.parse("2026-11-29T16:20:01.234Z");
        recogniser.refuses(new RecogniserFailure(RecogniserFailure.Kind.PROVIDER_REFUSES, "no credit (402)"));
        recogniser.isKnownToRefuse(new RecogniserRefusal(since, "no credit (402)"));

        assertThat(health.fault())
                .isEqualTo("asr:scripted refuses calls, since 2026-11-29T16:20:01Z: no credit (402)"
                        + "; put right what it refuses: it is asked again by itself");
        assertThat(gauge("rtaa.asr.refusing")).isEqualTo(1);

        recogniser.isKnownToRefuse(null);
        assertThat(health.fault()).isNull();
        assertThat(health.note()).isNull();
        assertThat(gauge("rtaa.asr.refusing")).isZero();
    }

    @Test
    void aRecogniserThatRefusesIsAskedAgainThoughNoCallComes() {
        recogniser.refuses(new RecogniserFailure(RecogniserFailure.Kind.PROVIDER_REFUSES, "no credit (402)"));
        recogniser.isKnownToRefuse(new RecogniserRefusal(Instant.EPOCH, "no credit (402)"));
        int asked = recogniser.connections.size();

        nowNanos.addAndGet(RefusalProbe.ASK_EVERY.toNanos());

        soon(() -> assertThat(recogniser.connections).hasSizeGreaterThan(asked));
        assertThat(component.sessionCount()).isZero();
    }

    @Test
    void settingsThatAreRefusedToEveryCallAreAFault() {
        recogniser.refuses(new RecogniserFailure(RecogniserFailure.Kind.SETTINGS_REFUSED, "no such model (404)"));
        go(Duration.ofSeconds(1), 1, 0);
        soon(() -> assertThat(health.fault()).contains("no such model (404)"));

        recogniser.refuses(null);
        go(Duration.ofSeconds(2), 0, 1);
        soon(() -> assertThat(health.fault()).isNull());
    }

    @Test
    void audioThatNobodyReadsIsAFaultThatNamesBothEnds() throws Exception {
        soon(() -> assertThat(health.fault()).isNull());
        context.getRouteController().stopRoute("events");
        assertThat(health.fault()).isEqualTo("audio goes to asr:scripted, and no route reads from there; read are: []");
    }

    @Test
    void openConnectionsAreCounted() {
        go(Duration.ofSeconds(1), 3, 0);
        soon(() -> assertThat(gauge("rtaa.asr.connections.open")).isEqualTo(3));
        recogniser.connections.get(0).isLost();
        soon(() -> assertThat(gauge("rtaa.asr.connections.open")).isEqualTo(2));
    }
}
