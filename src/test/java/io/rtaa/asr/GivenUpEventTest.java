package io.rtaa.asr;

import static io.rtaa.asr.AsrRoutesFixture.ONE;
import static io.rtaa.asr.AsrRoutesFixture.OTHER;
import static io.rtaa.asr.AsrRoutesFixture.PATIENCE;
import static io.rtaa.asr.AsrRoutesFixture.TEAM;
import static io.rtaa.asr.AsrRoutesFixture.event;
import static io.rtaa.asr.AsrRoutesFixture.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.call.CallInfo;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Gap;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What readers get in place of an event whose route gave it up. */
class GivenUpEventTest {

    private final AsrRoutesFixture routes;

    GivenUpEventTest() throws Exception {
        routes = new AsrRoutesFixture();
    }

    @AfterEach
    void stop() {
        routes.close();
    }

    @Test
    void aFinalWhoseStepAlwaysThrowsAppearsAsAGapAndOtherCallsGoOn() throws Exception {
        routes.redact = exchange -> {
            if (isFinalOf(exchange, ONE)) {
                throw new IllegalArgumentException("no such customer");
            }
        };
        routes.start(TEAM.formatted("asr-errors"));

        routes.call(ONE, "good", "morning");
        routes.call(OTHER, "hello");

        routes.awaitEnd(ONE);
        routes.awaitEnd(OTHER);
        assertThat(routes.told(ONE)).containsExactly("call_started", "gap 0-100", "gap 100-200", "call_ended");
        assertThat(routes.told(OTHER)).containsExactly("call_started", "hello", "call_ended");
        assertThat(routes.published(ONE))
                .extracting(TranscriptEvent::seq)
                .doesNotHaveDuplicates()
                .isSorted();
        assertThat(routes.published(ONE).get(1))
                .isInstanceOfSatisfying(
                        Gap.class,
                        gap -> assertThat(gap.reason())
                                .isEqualTo("route asr-transcripts failed at step redact: IllegalArgumentException"));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(routes.settled).hasValue(routes.sent.get()));
        assertThat(routes.count("rtaa.route.failures", "asr-transcripts")).isEqualTo(2);
        assertThat(routes.count("rtaa.route.given.up", "asr-transcripts")).isEqualTo(2);
        assertThat(routes.meters.get("rtaa.asr.audio.lost").counter().count()).isEqualTo(0.2);
    }

    @Test
    void aStepThatThrowsForEveryEventLeavesReadersACallThatStartsLosesWordsAndEnds() throws Exception {
        routes.redact = exchange -> {
            throw new IllegalArgumentException("never");
        };
        routes.start(TEAM.formatted("asr-errors"));

        routes.call(ONE, "good", "morning");

        routes.awaitEnd(ONE);
        assertThat(routes.told(ONE)).containsExactly("call_started", "gap 0-100", "gap 100-200", "call_ended");
        // What the route may have been there to take out is not in it.
        assertThat(routes.published(ONE).get(0)).isInstanceOfSatisfying(CallStarted.class, started -> {
            assertThat(started.info().callSid()).isEqualTo("CA1");
            assertThat(started.info().from()).isNull();
            assertThat(started.info().to()).isNull();
        });
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(routes.settled).hasValue(routes.sent.get()));
    }

    @Test
    void aFinalThatHadReachedTheBusIsFollowedByAGapOfTheSameNumberWhichReadersDrop() throws Exception {
        routes.afterwards = exchange -> {
            if (says(exchange, "good")) {
                throw new IllegalArgumentException("too late");
            }
        };
        routes.start(TEAM.formatted("asr-errors"));

        routes.call(ONE, "good");

        routes.awaitEnd(ONE);
        assertThat(routes.told(ONE)).containsExactly("call_started", "good", "gap 0-100", "call_ended");
        assertThat(routes.published(ONE).get(2).seq())
                .isEqualTo(routes.published(ONE).get(1).seq());
    }

    @Test
    void aFinalThatTheRouteDeadLettersAppearsAsAGapToo() throws Exception {
        List<String> dead = new CopyOnWriteArrayList<>();
        routes.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:dead").process(exchange -> dead.add(event(exchange).type()));
            }
        });
        routes.redact = exchange -> {
            if (says(exchange, "bad")) {
                throw new IllegalArgumentException("bad");
            }
        };
        routes.start(TEAM.formatted("dead-letters") + """
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

        routes.call(ONE, "good", "bad", "again");

        routes.awaitEnd(ONE);
        assertThat(routes.told(ONE)).containsExactly("call_started", "good", "gap 100-200", "again", "call_ended");
        assertThat(dead).containsExactly("final");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(routes.settled).hasValue(routes.sent.get()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-retries", "asr-errors"})
    void aRouteThatFailsWhatItsPolicyMayBeLosesNoWordUnseen(String policy) throws Exception {
        routes.redact = exchange -> {
            if (says(exchange, "bad")) {
                throw new ClassCastException("bad");
            }
        };
        routes.start(TEAM.formatted(policy));

        routes.call(ONE, "bad", "good");

        routes.awaitEnd(ONE);
        assertThat(routes.told(ONE)).containsExactly("call_started", "gap 0-100", "good", "call_ended");
        assertThat(routes.count("rtaa.route.given.up", "asr-transcripts")).isEqualTo(1);
    }

    @Test
    void theStartOfALaterLegSaysWhereItsAudioBeginsWithoutTheNumbersOfTheParties() {
        CallInfo info = new CallInfo(ONE, "CA1", null, "+4930123", "+4930456", 8000, 5000)
                .following(new CallInfo.Before(1500, 9));

        assertThat(GivenUpEvent.instead(new CallStarted(info, 10, 5001), "any"))
                .isEqualTo(new CallStarted(info.withoutNumbers(), 10, 5001));
        assertThat(info.withoutNumbers())
                .isEqualTo(new CallInfo(
                        ONE, "CA1", null, null, null, 8000, 5000, 5000, new CallInfo.Before(1500, 9), null, null));
    }

    private static boolean isFinalOf(Exchange exchange, StreamId stream) {
        return event(exchange) instanceof Final said && said.stream().equals(stream);
    }
}
