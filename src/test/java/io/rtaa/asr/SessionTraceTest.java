package io.rtaa.asr;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.CallResume;
import io.rtaa.testsupport.tracing.ReceivedSpan;
import io.rtaa.testsupport.tracing.RecordedSpans;
import io.rtaa.tracing.CallSpan;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The spans of a session in the trace of its call. */
class SessionTraceTest extends SessionFixture {

    private final RecordedSpans spans = new RecordedSpans();
    private final CallSpan call;

    SessionTraceTest() {
        tracing = spans.tracing();
        call = tracing.begin("call", INFO, null);
        info = INFO.withRequestId("lb-1").withTraceparent(call.traceparent());
    }

    private ReceivedSpan only(String name) {
        assertThat(spans.named(name)).hasSize(1);
        return spans.named(name).get(0);
    }

    @Test
    void aSessionTellsItsReconnectsAndItsReplays() {
        RecogniserSession session = session();
        speak(session, 60);
        recogniser.last().says(0, 4000, "one");
        recogniser.last().isLost();
        passes(session, SessionOptions.DEFAULT_RETRY_BASE);
        hangUp(session);
        long heardMillis = recogniser.last().heard.size() / (RATE * 2 / 1000);
        recogniser.last().says(0, heardMillis, "two");
        recogniser.last().listener.closed(null);
        call.end();

        List<ReceivedSpan> connects = spans.named("recogniser connect");
        ReceivedSpan recognised = only("recogniser session");
        assertThat(connects).hasSize(2).allSatisfy(connect -> {
            assertThat(connect.parentId()).isEqualTo(recognised.spanId());
            assertThat(connect.attributes())
                    .containsEntry("provider", "scripted")
                    .containsEntry("request_id", "lb-1");
        });
        assertThat(connects.get(0).attributes())
                .containsEntry("connection", "1")
                .doesNotContainKeys("lost_because", "replayed_ms");
        assertThat(connects.get(1).attributes())
                .containsEntry("connection", "2")
                .containsKey("lost_because");
        assertThat(Long.parseLong(connects.get(1).attribute("replayed_ms"))).isGreaterThan(1000);
        assertThat(recognised.parentId()).isEqualTo(only("call").spanId());
        assertThat(recognised.events()).singleElement().asString().startsWith("recogniser lost: ");
        assertThat(recognised.attributes())
                .containsEntry("outcome", "callended")
                .containsEntry("connections", "2")
                .containsEntry("replays", "1")
                .containsEntry("replayed_ms", connects.get(1).attribute("replayed_ms"))
                .doesNotContainKey("taken_over");
    }

    @Test
    void whatIsPublishedHasASpanUnlessItIsAPartialOrAState() {
        RecogniserSession session = session();
        speak(session, 10);
        recogniser.last().believes(0, 400, "hel");
        recogniser.last().says(0, 1000, "hello");
        hangUp(session);
        recogniser.last().listener.closed(null);
        call.end();

        List<ReceivedSpan> published = spans.named("publish");
        assertThat(published)
                .extracting(span -> span.attribute("type"))
                .containsExactly("call_started", "final", "call_ended");
        assertThat(published)
                .allSatisfy(span -> assertThat(span.parentId())
                        .isEqualTo(only("recogniser session").spanId()));
        assertThat(spans.all()).allSatisfy(span -> assertThat(span.attributes()).doesNotContainValue("hello"));
    }

    @Test
    void aSpanOfWhatIsPublishedLastsUntilTheBusHasIt() {
        answersAtOnce = false;
        RecogniserSession session = session();
        assertThat(spans.named("publish")).isEmpty();

        unanswered.remove().accept(new IllegalStateException("the bus says hello"));

        assertThat(only("publish").attributes())
                .containsEntry("error.type", "java.lang.IllegalStateException")
                .doesNotContainValue("the bus says hello");
        speak(session, 1);
    }

    @Test
    void aSessionThatIsTakenOverSaysSoAndOneThatIsGivenAwayEnds() {
        RecogniserSession session = unstarted(SessionOptions.DEFAULTS);
        session.resume(new CallResume(info, 800, 3, 0, false, 0, List.of(), List.of()), null);
        session.release();

        assertThat(only("recogniser session").attributes())
                .containsEntry("taken_over", "true")
                .containsEntry("outcome", "given to another worker");
    }

    @Test
    void aSessionOfAProcessThatStopsEndsItsSpan() {
        RecogniserSession session = session();
        session.endTrace();

        assertThat(only("recogniser session").attributes()).containsEntry("outcome", "process stopped");
    }

    @Test
    void aRecogniserThatIsAwayForHoursMakesNoMoreSpansThanThat() {
        RecogniserSession session = session();
        recogniser.refuses(RecogniserFailure.retryable("away", "away"));
        speak(session, 1);
        int tries = SessionTrace.MAX_CONNECTION_SPANS + 20;
        while (recogniser.connections.size() < tries) {
            passes(session, Duration.ofSeconds(1));
        }
        session.release();

        assertThat(spans.named("recogniser connect"))
                .hasSize(SessionTrace.MAX_CONNECTION_SPANS)
                .allSatisfy(span -> assertThat(span.attribute("error.type")).isEqualTo("away"));
        assertThat(only("recogniser session").attribute("connections")).isEqualTo(Integer.toString(tries));
    }
}
