package io.rtaa.asr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.rtaa.call.CallEnd;
import io.rtaa.call.EndReason;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Gap;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Losses that touch are one gap, and no audio of them is left out. */
class TouchingLossesTest extends SessionFixture {

    private static final String MISSING = "audio missing on its way to the recogniser";

    /** A recogniser that never opens, and a second of audio kept for it. */
    private RecogniserSession unrecognised() {
        recogniser = new ScriptedRecogniser(Double.POSITIVE_INFINITY).opensWhenTold();
        SessionOptions defaults = SessionOptions.DEFAULTS;
        return session(new SessionOptions(
                Duration.ofSeconds(1),
                defaults.partialInterval(),
                Duration.ofHours(1),
                defaults.unheardAfter(),
                defaults.retryBase(),
                defaults.retryCap(),
                defaults.drainTimeout(),
                Duration.ZERO,
                defaults.eventLimit()));
    }

    private void misses(int windows) {
        nextNumber += windows;
        nextSample += windows * 800L;
    }

    @Test
    void whatNobodyRecognisedAndWhatNeverCameAreOneGapWithBothReasons() {
        recogniser = new ScriptedRecogniser(Double.POSITIVE_INFINITY).opensWhenTold();
        RecogniserSession session = session();
        speak(session, 5);
        recogniser
                .last()
                .closesWith(new RecogniserFailure(RecogniserFailure.Kind.STREAM_REFUSED, "full: 2 of 2 calls"));
        misses(3);
        speak(session, 5);
        misses(2);
        passes(session, Duration.ofSeconds(5));
        hangUp(session);

        assertThat(all(Gap.class))
                .extracting(Gap::startMillis, Gap::endMillis, Gap::reason)
                .containsExactly(tuple(0L, 1500L, "full: 2 of 2 calls; " + MISSING));
    }

    @Test
    void whatTheRecogniserLeftOutAndTheMissingEndAreOneGap() {
        RecogniserSession session = session();
        speak(session, 10);
        recogniser.last().says(0, 400, "hello");
        misses(5);
        hangUp(session);
        passes(session, SessionOptions.DEFAULT_DRAIN_TIMEOUT);

        assertThat(all(Gap.class)).extracting(Gap::startMillis, Gap::endMillis).containsExactly(tuple(400L, 1500L));
        assertThat(all(Gap.class).get(0).reason())
                .contains("did not finish within")
                .endsWith("; " + MISSING);
    }

    @Test
    void lossesThatWaitForTheBusAreOneGapOnceItTakesThem() {
        // The bus answers for nothing, from the start of the call on.
        answersAtOnce = false;
        RecogniserSession session = unrecognised();
        speak(session, 20);
        passes(session, Duration.ofSeconds(2));
        speak(session, 10);
        passes(session, Duration.ofSeconds(2));
        speak(session, 10);
        passes(session, Duration.ofSeconds(2));
        while (!unanswered.isEmpty()) {
            answerAll();
        }

        assertThat(all(Gap.class)).extracting(Gap::startMillis, Gap::endMillis).containsExactly(tuple(0L, 3000L));
        assertThat(events).extracting(event -> event.seq()).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void wordsBetweenKeepLossesApart() {
        RecogniserSession session = session();
        speak(session, 1);
        misses(1);
        speak(session, 1);
        recogniser.last().says(0, 200, "hello");
        misses(1);
        speak(session, 1);
        session.end(new CallEnd(STREAM, nextNumber, nextSample, EndReason.CALLENDED, 0), null);
        recogniser.last().says(200, 300, "there");
        recogniser.last().closesWith(null);

        assertThat(all(Gap.class))
                .extracting(Gap::startMillis, Gap::endMillis)
                .containsExactly(tuple(100L, 200L), tuple(300L, 400L));
        assertThat(all(Final.class)).extracting(Final::text).contains("hello", "there");
        assertThat(events.stream()
                        .filter(event -> event instanceof Gap
                                || (event instanceof Final said && !said.text().isEmpty()))
                        .map(event -> event.type()))
                .containsExactly("gap", "final", "gap", "final");
    }

    @Test
    void aGapNamesEachReasonOnceAndNotMoreThanFit() {
        Gap gap = new Gap(STREAM, 1, 0, 0, 100, "a");
        assertThat(gap.touches(new Gap(STREAM, 2, 0, 101, 200, "b"))).isFalse();
        for (int i = 1; i < 1000; i++) {
            Gap next = new Gap(STREAM, i + 1, i, i * 100L, i * 100L + 100, i % 2 == 0 ? "a" : "reason " + i);
            assertThat(gap.touches(next)).isTrue();
            gap = gap.joinedWith(next);
        }

        assertThat(gap.seq()).isEqualTo(1000);
        assertThat(gap.startMillis()).isZero();
        assertThat(gap.endMillis()).isEqualTo(100_000);
        assertThat(gap.reason())
                .startsWith("a; reason 1; reason 3;")
                .endsWith("; others")
                .hasSizeLessThan(520);
    }
}
