package io.rtaa.asr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.rtaa.call.AudioReceipt;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallInfo;
import io.rtaa.call.CallStart;
import io.rtaa.call.EndReason;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AsrComponentTest {

    private static final StreamId STREAM = new StreamId("acme", "s1");

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final ScriptedRecogniser recogniser = new ScriptedRecogniser(Double.POSITIVE_INFINITY);
    private final AsrComponent component = new AsrComponent();
    private final List<TranscriptEvent> published = new CopyOnWriteArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    /** The time by which sessions go; the component's own ticker looks at it. */
    private final AtomicLong nowNanos = new AtomicLong();

    @BeforeEach
    void start() throws Exception {
        component.addProvider(recogniser);
        component.setTime(new SessionTime(Clock.systemUTC(), nowNanos::get, new Random(1)));
        context.addComponent("asr", component);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:audio").routeId("audio").to("asr:scripted");
                from("asr:scripted").routeId("events").process(exchange -> {
                    if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                        throw new IllegalStateException("the bus is away");
                    }
                    published.add(exchange.getMessage().getBody(TranscriptEvent.class));
                });
            }
        });
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private void send(Object message, AudioReceipt receipt) {
        try (ProducerTemplate template = context.createProducerTemplate()) {
            template.sendBodyAndProperty("direct:audio", message, AudioReceipt.PROPERTY, receipt);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void audioGoesInByOneRouteAndWordsComeOutByAnother() {
        AtomicInteger settled = new AtomicInteger();
        send(new CallStart(new CallInfo(STREAM, null, null, null, null, 8000, 0)), settled::incrementAndGet);
        send(new AudioWindow(STREAM, 1, 0, 8000, new byte[1600]), settled::incrementAndGet);
        recogniser.last().says(0, 100, "hello");
        send(new CallEnd(STREAM, 2, 800, EndReason.CALLENDED, 0), settled::incrementAndGet);
        recogniser.last().listener.closed(null);

        assertThat(published)
                .extracting(TranscriptEvent::type)
                .containsExactly("call_started", "status", "final", "call_ended");
        assertThat(settled).hasValue(3);
        await().until(() -> component.sessionCount() == 0);
    }

    private void says(StreamId stream, int windows) {
        for (int window = 0; window < windows; window++) {
            send(new AudioWindow(stream, window + 1, window * 800L, 8000, new byte[1600]), null);
        }
    }

    @Test
    void anErrorInOneSessionCostsItsOwnCallAndLeavesTheClockOfAllOthersRunning() {
        AtomicInteger flushes = new AtomicInteger();
        recogniser.onFlush(() -> {
            flushes.incrementAndGet();
            throw new NoClassDefFoundError("on purpose");
        });
        says(STREAM, 1);
        recogniser.onFlush(flushes::incrementAndGet);
        StreamId other = new StreamId("acme", "s2");
        says(other, 1);

        await().untilAsserted(() -> {
            nowNanos.addAndGet(Duration.ofMillis(500).toNanos());
            assertThat(flushes).hasValue(2);
            assertThat(published)
                    .filteredOn(TranscriptEvent.CallEnded.class::isInstance)
                    .extracting(TranscriptEvent::stream)
                    .containsExactly(STREAM);
        });
        send(new AudioWindow(other, 2, 800, 8000, new byte[1600]), null);
        await().untilAsserted(() -> {
            nowNanos.addAndGet(Duration.ofMillis(500).toNanos());
            assertThat(flushes).as("the ticker goes on").hasValue(3);
        });
        assertThat(component.stuck()).isNull();
    }

    @Test
    void aTickerThatStandsStillMakesTheProcessNotWorthKeeping() {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        recogniser.onFlush(() -> {
            blocked.countDown();
            awaitQuietly(over);
        });
        says(STREAM, 1);
        await().until(() -> {
            nowNanos.addAndGet(Duration.ofMillis(500).toNanos());
            return blocked.getCount() == 0;
        });
        assertThat(component.stuck()).isNull();

        nowNanos.addAndGet(AsrComponent.STUCK_AFTER.plusSeconds(1).toNanos());
        assertThat(component.stuck()).contains("ticker", "stood still for", "restart this process");

        over.countDown();
        await().untilAsserted(() -> assertThat(component.stuck()).isNull());
    }

    @Test
    void aProcessWithoutMemoryIsNotWorthKeeping() {
        recogniser.throwsOnSend(new OutOfMemoryError("on purpose"));
        says(STREAM, 1);
        assertThat(component.stuck()).contains("OutOfMemoryError", "restart this process");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void anEventThatIsGivenUpSettlesItsAudioSoThatNothingIsKeptForIt() {
        AtomicInteger settled = new AtomicInteger();
        failures.set(1);
        send(new CallStart(new CallInfo(STREAM, null, null, null, null, 8000, 0)), settled::incrementAndGet);
        assertThat(settled).hasValue(1);
        send(new CallEnd(STREAM, 1, 0, EndReason.STOPPED, 0), settled::incrementAndGet);
        assertThat(settled).hasValue(2);
        assertThat(published).extracting(TranscriptEvent::type).containsExactly("call_ended");
    }

    @Test
    void audioWhoseStartWasNeverSeenIsStillHeard() {
        send(new AudioWindow(STREAM, 1, 0, 8000, new byte[1600]), null);
        recogniser.last().says(0, 100, "hello");
        assertThat(published).extracting(TranscriptEvent::type).containsExactly("call_started", "status", "final");
    }

    @Test
    void whatIsNoAudioIsRefusedByName() {
        assertThatThrownBy(() -> send("hello", null))
                .isInstanceOf(CamelExecutionException.class)
                .hasStackTraceContaining(
                        "No body available of type: io.rtaa.call.AudioMessage but has type: java.lang.String");
    }

    @Test
    void aRecogniserNobodyKnowsIsToldWithThoseThereAre() {
        assertThatThrownBy(() -> context.getEndpoint("asr:nobody"))
                .hasRootCauseMessage("no recogniser is called 'nobody'; known here: [scripted]");
    }

    @Test
    void anOptionNobodyKnowsIsRefused() {
        assertThatThrownBy(() -> context.getEndpoint("asr:scripted?nobody=1")).hasMessageContaining("nobody");
    }

    @Test
    void twoRoutesCannotTakeTheWordsOfOneRecogniser() {
        assertThatThrownBy(() -> context.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("asr:scripted?bridgeErrorHandler=true")
                                .routeId("thief")
                                .to("log:thief");
                    }
                }))
                .hasStackTraceContaining("two routes read from asr://scripted");
    }
}
