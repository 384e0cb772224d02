package io.rtaa.asr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.call.AudioReceipt;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallInfo;
import io.rtaa.call.CallStart;
import io.rtaa.call.EndReason;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.routes.RouteFailures;
import io.rtaa.routes.RouteFile;
import io.rtaa.routes.RouteFileLoader;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The built-in policies and routes of a worker, with a step of a team's own in asr-transcripts that throws. */
class GivenUpEventTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final StreamId ONE = new StreamId("acme", "one");
    private static final StreamId OTHER = new StreamId("acme", "other");

    private static final String TEAM = """
            - route:
                id: asr-transcripts
                routeConfigurationId: %s
                from:
                  uri: asr:scripted
                  steps:
                    - process:
                        id: redact
                        ref: redact
                    - to:
                        uri: "{{rtaa.bus.transcripts}}"
                    - process:
                        id: afterwards
                        ref: afterwards
            """;

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final ScriptedRecogniser recogniser = new ScriptedRecogniser(Double.POSITIVE_INFINITY);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final RouteFailures failures = new RouteFailures(meters);
    private final List<TranscriptEvent> published = new CopyOnWriteArrayList<>();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger settled = new AtomicInteger();

    private volatile Processor redact = exchange -> {};
    private volatile Processor afterwards = exchange -> {};
    private volatile Processor bus = exchange -> {};

    @BeforeEach
    void setUp() throws Exception {
        property("rtaa.bus.audio", "direct:audio?block=false");
        property("rtaa.bus.transcripts", "direct:bus");
        property("rtaa.asr.provider", "scripted");
        property("rtaa.bus.retry-first-ms", "1");
        property("rtaa.bus.retry-most-ms", "5");
        AsrComponent asr = new AsrComponent();
        asr.addProvider(recogniser);
        asr.setMeterRegistry(meters);
        asr.setGivenUpUri("direct:asr-given-up?block=false");
        context.addComponent("asr", asr);
        context.getRegistry().bind("redact", (Processor) exchange -> redact.process(exchange));
        context.getRegistry().bind("afterwards", (Processor) exchange -> afterwards.process(exchange));
        failures.watch(context);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:bus").errorHandler(noErrorHandler()).process(exchange -> {
                    bus.process(exchange);
                    published.add(exchange.getMessage().getBody(TranscriptEvent.class));
                });
            }
        });
    }

    private void property(String name, String value) {
        context.getPropertiesComponent().addInitialProperty(name, value);
    }

    private void start(String team) throws Exception {
        List<RouteFile> files =
                List.of(builtIn("shared/policies"), builtIn("asr/recogniser"), new RouteFile("team.camel.yaml", team));
        RouteFileLoader loader = new RouteFileLoader(context);
        for (RouteFile file : files) {
            loader.loadPolicies(file);
        }
        for (RouteFile file : files) {
            loader.loadRoutes(file);
        }
        context.start();
    }

    private static RouteFile builtIn(String name) throws IOException {
        return new RouteFile(
                name + ".camel.yaml", Files.readString(Path.of("src/main/resources/routes/" + name + ".camel.yaml")));
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private void send(Object message) {
        sent.incrementAndGet();
        AudioReceipt receipt = settled::incrementAndGet;
        try (ProducerTemplate template = context.createProducerTemplate()) {
            template.sendBodyAndProperty("direct:audio?block=false", message, AudioReceipt.PROPERTY, receipt);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A call in which a word is said in each window of 100 ms. */
    private void call(StreamId stream, String... words) {
        send(new CallStart(new CallInfo(stream, "CA1", null, "+4930123", "+4930456", 8000, 0)));
        for (int n = 0; n < words.length; n++) {
            send(new AudioWindow(stream, n + 1L, n * 800L, 8000, new byte[1600]));
            recogniser.last().says(n * 100L, n * 100L + 100, words[n]);
        }
        send(new CallEnd(stream, words.length + 1L, words.length * 800L, EndReason.CALLENDED, 0));
        recogniser.last().listener.closed(null);
    }

    private List<TranscriptEvent> published(StreamId stream) {
        return published.stream()
                .filter(event -> event.stream().equals(stream) && !event.type().equals("status"))
                .toList();
    }

    /** Each event in a few words. */
    private List<String> told(StreamId stream) {
        List<String> told = new ArrayList<>();
        for (TranscriptEvent event : published(stream)) {
            told.add(
                    event instanceof Final said
                            ? said.text()
                            : event instanceof Gap gap
                                    ? "gap " + gap.startMillis() + "-" + gap.endMillis()
                                    : event.type());
        }
        return told;
    }

    private void awaitEnd(StreamId stream) {
        await().atMost(PATIENCE).until(() -> told(stream).contains("call_ended"));
    }

    private double count(String name, String route) {
        return meters.get(name).tag("route", route).counter().count();
    }

    private static TranscriptEvent event(Exchange exchange) {
        return exchange.getMessage().getBody(TranscriptEvent.class);
    }

    private static boolean says(Exchange exchange, String word) {
        return event(exchange) instanceof Final said && said.text().equals(word);
    }

    private static boolean isFinalOf(Exchange exchange, StreamId stream) {
        return event(exchange) instanceof Final said && said.stream().equals(stream);
    }

    @Test
    void aFinalWhoseStepAlwaysThrowsAppearsAsAGapAndOtherCallsGoOn() throws Exception {
        redact = exchange -> {
            if (isFinalOf(exchange, ONE)) {
                throw new IllegalArgumentException("no such customer");
            }
        };
        start(TEAM.formatted("asr-errors"));

        call(ONE, "good", "morning");
        call(OTHER, "hello");

        awaitEnd(ONE);
        awaitEnd(OTHER);
        assertThat(told(ONE)).containsExactly("call_started", "gap 0-100", "gap 100-200", "call_ended");
        assertThat(told(OTHER)).containsExactly("call_started", "hello", "call_ended");
        assertThat(published(ONE))
                .extracting(TranscriptEvent::seq)
                .doesNotHaveDuplicates()
                .isSorted();
        assertThat(published(ONE).get(1))
                .isInstanceOfSatisfying(
                        Gap.class,
                        gap -> assertThat(gap.reason())
                                .isEqualTo("route asr-transcripts failed at step redact: IllegalArgumentException"));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(settled).hasValue(sent.get()));
        assertThat(count("rtaa.route.failures", "asr-transcripts")).isEqualTo(2);
        assertThat(count("rtaa.route.given.up", "asr-transcripts")).isEqualTo(2);
        assertThat(meters.get("rtaa.asr.audio.lost").counter().count()).isEqualTo(0.2);
    }

    @Test
    void aFailureOfWhichNothingIsKnownIsTriedSoManyTimesAsIsSet() throws Exception {
        property("rtaa.steps.max-tries", "3");
        AtomicInteger tries = new AtomicInteger();
        redact = exchange -> {
            if (says(exchange, "bad")) {
                tries.incrementAndGet();
                throw new IllegalStateException("no idea");
            }
        };
        start(TEAM.formatted("asr-errors"));

        call(ONE, "good", "bad", "again");

        awaitEnd(ONE);
        assertThat(tries).hasValue(3);
        assertThat(told(ONE)).containsExactly("call_started", "good", "gap 100-200", "again", "call_ended");
        assertThat(count("rtaa.route.failures", "asr-transcripts")).isEqualTo(3);
        assertThat(count("rtaa.route.given.up", "asr-transcripts")).isEqualTo(1);
    }

    @Test
    void theTriesOfOneStepDoNotCountForTheNext() throws Exception {
        property("rtaa.steps.max-tries", "3");
        AtomicInteger first = new AtomicInteger();
        AtomicInteger second = new AtomicInteger();
        redact = exchange -> failTwice(exchange, first);
        afterwards = exchange -> failTwice(exchange, second);
        start(TEAM.formatted("asr-errors"));

        call(ONE, "word");

        awaitEnd(ONE);
        assertThat(told(ONE)).containsExactly("call_started", "word", "call_ended");
        assertThat(count("rtaa.route.failures", "asr-transcripts")).isEqualTo(4);
        assertThat(count("rtaa.route.given.up", "asr-transcripts")).isZero();
    }

    private static void failTwice(Exchange exchange, AtomicInteger tries) {
        if (says(exchange, "word") && tries.incrementAndGet() <= 2) {
            throw new IllegalStateException("no idea");
        }
    }

    @Test
    void anOutageThatLastsForMoreTriesThanThatLosesNoWord() throws Exception {
        property("rtaa.steps.max-tries", "3");
        AtomicInteger away = new AtomicInteger(40);
        bus = exchange -> {
            if (away.getAndDecrement() > 0) {
                throw new ConnectException("the bus is away");
            }
        };
        start(TEAM.formatted("asr-errors"));

        call(ONE, "good", "morning");

        awaitEnd(ONE);
        assertThat(told(ONE)).containsExactly("call_started", "good", "morning", "call_ended");
        assertThat(count("rtaa.route.given.up", "asr-transcripts")).isZero();
    }

    @Test
    void aStepThatThrowsForEveryEventLeavesReadersACallThatStartsLosesWordsAndEnds() throws Exception {
        redact = exchange -> {
            throw new IllegalArgumentException("never");
        };
        start(TEAM.formatted("asr-errors"));

        call(ONE, "good", "morning");

        awaitEnd(ONE);
        assertThat(told(ONE)).containsExactly("call_started", "gap 0-100", "gap 100-200", "call_ended");
        // What the route may have been there to take out is not in it.
        assertThat(published(ONE).get(0)).isInstanceOfSatisfying(CallStarted.class, started -> {
            assertThat(started.info().callSid()).isEqualTo("CA1");
            assertThat(started.info().from()).isNull();
            assertThat(started.info().to()).isNull();
        });
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(settled).hasValue(sent.get()));
    }

    @Test
    void aFinalThatHadReachedTheBusIsFollowedByAGapOfTheSameNumberWhichReadersDrop() throws Exception {
        afterwards = exchange -> {
            if (says(exchange, "good")) {
                throw new IllegalArgumentException("too late");
            }
        };
        start(TEAM.formatted("asr-errors"));

        call(ONE, "good");

        awaitEnd(ONE);
        assertThat(told(ONE)).containsExactly("call_started", "good", "gap 0-100", "call_ended");
        assertThat(published(ONE).get(2).seq()).isEqualTo(published(ONE).get(1).seq());
    }

    @Test
    void aFinalThatTheRouteDeadLettersAppearsAsAGapToo() throws Exception {
        List<String> dead = new CopyOnWriteArrayList<>();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:dead").process(exchange -> dead.add(event(exchange).type()));
            }
        });
        redact = exchange -> {
            if (says(exchange, "bad")) {
                throw new IllegalArgumentException("bad");
            }
        };
        start(TEAM.formatted("dead-letters") + """
                - routeConfiguration:
                    id: dead-letters
                    onException:
                      - onException:
                          exception:
                            - java.lang.Exception
                          retryWhile:
                            ref: worthRetrying
                          redeliveryPolicy:
                            redeliveryDelay: 1
                            asyncDelayedRedelivery: true
                          handled:
                            constant: "true"
                          steps:
                            - to:
                                uri: direct:dead
                """);

        call(ONE, "good", "bad", "again");

        awaitEnd(ONE);
        assertThat(told(ONE)).containsExactly("call_started", "good", "gap 100-200", "again", "call_ended");
        assertThat(dead).containsExactly("final");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(settled).hasValue(sent.get()));
    }

    @Test
    void aStepThatCatchesItsOwnFailureIsNoFailureOfTheRoute() throws Exception {
        redact = exchange -> {
            if (says(exchange, "bad")) {
                throw new IllegalArgumentException("bad");
            }
        };
        start("""
                - route:
                    id: asr-transcripts
                    routeConfigurationId: asr-errors
                    from:
                      uri: asr:scripted
                      steps:
                        - doTry:
                            steps:
                              - process:
                                  ref: redact
                            doCatch:
                              - exception:
                                  - java.lang.IllegalArgumentException
                                steps:
                                  - log: "caught"
                        - to:
                            uri: "{{rtaa.bus.transcripts}}"
                """);

        call(ONE, "good", "bad");

        awaitEnd(ONE);
        assertThat(told(ONE)).containsExactly("call_started", "good", "bad", "call_ended");
        assertThat(count("rtaa.route.failures", "asr-transcripts")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-retries", "asr-errors"})
    void aRouteThatFailsWhatItsPolicyMayBeLosesNoWordUnseen(String policy) throws Exception {
        redact = exchange -> {
            if (says(exchange, "bad")) {
                throw new ClassCastException("bad");
            }
        };
        start(TEAM.formatted(policy));

        call(ONE, "bad", "good");

        awaitEnd(ONE);
        assertThat(told(ONE)).containsExactly("call_started", "gap 0-100", "good", "call_ended");
        assertThat(count("rtaa.route.given.up", "asr-transcripts")).isEqualTo(1);
    }

    @Test
    void theStartOfALaterLegSaysWhereItsAudioBeginsWithoutTheNumbersOfTheParties() {
        CallInfo info = new CallInfo(ONE, "CA1", null, "+4930123", "+4930456", 8000, 5000)
                .following(new CallInfo.Before(1500, 9));

        assertThat(GivenUpEvent.instead(new CallStarted(info, 10, 5001), "any"))
                .isEqualTo(new CallStarted(info.withoutNumbers(), 10, 5001));
        assertThat(info.withoutNumbers())
                .isEqualTo(new CallInfo(ONE, "CA1", null, null, null, 8000, 5000, 5000, new CallInfo.Before(1500, 9)));
    }

    @Test
    void aProcessThatStopsDoesNotWaitForAStepThatDoesNotPass() throws Exception {
        property("rtaa.steps.max-tries", "2000000000");
        AtomicInteger tries = new AtomicInteger();
        redact = exchange -> {
            if (says(exchange, "bad")) {
                tries.incrementAndGet();
                throw new IllegalStateException("no idea");
            }
        };
        start(TEAM.formatted("asr-errors"));
        call(ONE, "bad");
        await().atMost(PATIENCE).until(() -> tries.get() > 10);

        context.stop();

        assertThat(context.getShutdownStrategy().isTimeoutOccurred()).isFalse();
        assertThat(told(ONE)).doesNotContain("bad");
        // The stop meets the step between two tries or in one: readers learn of the loss, or another worker gets the
        // audio.
        assertThat(told(ONE).contains("gap 0-100") || settled.get() < sent.get())
                .isTrue();
    }
}
