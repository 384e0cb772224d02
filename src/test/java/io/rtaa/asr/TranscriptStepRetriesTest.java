package io.rtaa.asr;

import static io.rtaa.asr.AsrRoutesFixture.ONE;
import static io.rtaa.asr.AsrRoutesFixture.PATIENCE;
import static io.rtaa.asr.AsrRoutesFixture.TEAM;
import static io.rtaa.asr.AsrRoutesFixture.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.ConnectException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a worker tries a failed transcript step again, when it gives up, and which failures it counts. */
class TranscriptStepRetriesTest {

    private final AsrRoutesFixture routes;

    TranscriptStepRetriesTest() throws Exception {
        routes = new AsrRoutesFixture();
    }

    @AfterEach
    void stop() {
        routes.close();
    }

    @Test
    void aFailureOfWhichNothingIsKnownIsTriedSoManyTimesAsIsSet() throws Exception {
        routes.property("rtaa.steps.max-tries", "3");
        AtomicInteger tries = new AtomicInteger();
        routes.redact = exchange -> {
            if (says(exchange, "bad")) {
                tries.incrementAndGet();
                throw new IllegalStateException("no idea");
            }
        };
        routes.start(TEAM.formatted("asr-errors"));

        routes.call(ONE, "good", "bad", "again");

        routes.awaitEnd(ONE);
        assertThat(tries).hasValue(3);
        assertThat(routes.told(ONE)).containsExactly("call_started", "good", "gap 100-200", "again", "call_ended");
        assertThat(routes.count("rtaa.route.failures", "asr-transcripts")).isEqualTo(3);
        assertThat(routes.count("rtaa.route.given.up", "asr-transcripts")).isEqualTo(1);
    }

    @Test
    void theTriesOfOneStepDoNotCountForTheNext() throws Exception {
        routes.property("rtaa.steps.max-tries", "3");
        AtomicInteger first = new AtomicInteger();
        AtomicInteger second = new AtomicInteger();
        routes.redact = exchange -> failTwice(exchange, first);
        routes.afterwards = exchange -> failTwice(exchange, second);
        routes.start(TEAM.formatted("asr-errors"));

        routes.call(ONE, "word");

        routes.awaitEnd(ONE);
        assertThat(routes.told(ONE)).containsExactly("call_started", "word", "call_ended");
        assertThat(routes.count("rtaa.route.failures", "asr-transcripts")).isEqualTo(4);
        assertThat(routes.count("rtaa.route.given.up", "asr-transcripts")).isZero();
    }

    private static void failTwice(Exchange exchange, AtomicInteger tries) {
        if (says(exchange, "word") && tries.incrementAndGet() <= 2) {
            throw new IllegalStateException("no idea");
        }
    }

    @Test
    void anOutageThatLastsForMoreTriesThanThatLosesNoWord() throws Exception {
        routes.property("rtaa.steps.max-tries", "3");
        AtomicInteger away = new AtomicInteger(40);
        routes.bus = exchange -> {
            if (away.getAndDecrement() > 0) {
                throw new ConnectException("the bus is away");
            }
        };
        routes.start(TEAM.formatted("asr-errors"));

        routes.call(ONE, "good", "morning");

        routes.awaitEnd(ONE);
        assertThat(routes.told(ONE)).containsExactly("call_started", "good", "morning", "call_ended");
        assertThat(routes.count("rtaa.route.given.up", "asr-transcripts")).isZero();
    }

    /** What a step on the way out fails on is given up once, although two routes see the failure. */
    @Test
    void aStepOnTheWayOutOfAllRecognisersIsTriedAndGivenUpAsOneOfTheirRoutes() throws Exception {
        routes.property("rtaa.steps.max-tries", "3");
        AtomicInteger tries = new AtomicInteger();
        routes.redact = exchange -> {
            if (says(exchange, "bad")) {
                tries.incrementAndGet();
                throw new IllegalStateException("no idea");
            }
        };
        routes.start("""
                - route:
                    id: transcripts-out
                    routeConfigurationId: asr-errors
                    from:
                      uri: direct:transcripts-out?block=false
                      steps:
                        - process:
                            id: redact
                            ref: redact
                        - to:
                            uri: "{{rtaa.bus.transcripts}}"
                """);

        routes.call(ONE, "good", "bad", "again");

        routes.awaitEnd(ONE);
        assertThat(tries).hasValue(3);
        assertThat(routes.told(ONE)).containsExactly("call_started", "good", "gap 100-200", "again", "call_ended");
        assertThat(routes.count("rtaa.route.failures", "transcripts-out")).isEqualTo(3);
        assertThat(routes.count("rtaa.route.given.up", "transcripts-out")).isEqualTo(1);
        assertThat(routes.count("rtaa.route.failures", "asr-transcripts")).isZero();
        assertThat(routes.count("rtaa.route.given.up", "asr-transcripts")).isZero();
    }

    @Test
    void aStepThatCatchesItsOwnFailureIsNoFailureOfTheRoute() throws Exception {
        routes.redact = exchange -> {
            if (says(exchange, "bad")) {
                throw new IllegalArgumentException("bad");
            }
        };
        routes.start("""
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

        routes.call(ONE, "good", "bad");

        routes.awaitEnd(ONE);
        assertThat(routes.told(ONE)).containsExactly("call_started", "good", "bad", "call_ended");
        assertThat(routes.count("rtaa.route.failures", "asr-transcripts")).isZero();
    }

    @Test
    void aProcessThatStopsDoesNotWaitForAStepThatDoesNotPass() throws Exception {
        routes.property("rtaa.steps.max-tries", "2000000000");
        AtomicInteger tries = new AtomicInteger();
        routes.redact = exchange -> {
            if (says(exchange, "bad")) {
                tries.incrementAndGet();
                throw new IllegalStateException("no idea");
            }
        };
        routes.start(TEAM.formatted("asr-errors"));
        routes.call(ONE, "bad");
        await().atMost(PATIENCE).until(() -> tries.get() > 10);

        routes.context.stop();

        assertThat(routes.context.getShutdownStrategy().isTimeoutOccurred()).isFalse();
        assertThat(routes.told(ONE)).doesNotContain("bad");
        // The stop meets the step between two tries or in one: readers learn of the loss, or another worker gets the
        // audio.
        assertThat(routes.told(ONE).contains("gap 0-100") || routes.settled.get() < routes.sent.get())
                .isTrue();
    }
}
