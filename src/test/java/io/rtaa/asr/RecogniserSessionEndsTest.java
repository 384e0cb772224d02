package io.rtaa.asr;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallResume;
import io.rtaa.call.EndReason;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.call.Word;
import io.rtaa.testsupport.Shorthand;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How a stream comes into a session and out of it in other ways than by its start and its end. */
class RecogniserSessionEndsTest extends SessionFixture {

    private static final long ACKNOWLEDGED = 4 * RATE;

    private RecogniserSession resumed(Gap... told) {
        RecogniserSession session = unstarted(SessionOptions.DEFAULTS);
        nextSample = ACKNOWLEDGED;
        nextNumber = 41;
        session.resume(
                new CallResume(
                        INFO,
                        ACKNOWLEDGED,
                        17,
                        5000,
                        true,
                        0,
                        List.of(
                                new Word("one", "one", 4200, 4500, null, null),
                                new Word("two", "two", 4600, 5000, null, null)),
                        List.of(told)),
                null);
        return session;
    }

    @Test
    void goesOnWhereAnotherProcessLeftOff() {
        RecogniserSession session = resumed();
        speak(session, 20);
        assertThat(recogniser.last().heard.size()).isEqualTo(20 * WINDOW_BYTES);
        recogniser
                .last()
                .listener
                .finalResult(Shorthand.span(
                        0,
                        1900,
                        "one two three",
                        null,
                        0,
                        true,
                        List.of(
                                new Word("one", "one", 180, 510, null, null),
                                new Word("two", "two", 620, 990, null, null),
                                new Word("three", "three", 1200, 1800, null, null))));

        assertThat(all(CallStarted.class)).isEmpty();
        assertThat(all(Gap.class)).isEmpty();
        assertThat(all(Final.class)).extracting(Final::text).containsExactly("three");
        assertThat(all(Final.class).get(0).startMillis()).isEqualTo(5200);
        assertThat(events).extracting(TranscriptEvent::seq).allMatch(seq -> seq > 17);
    }

    @Test
    void tellsNoLossAgainThatAnotherProcessTold() {
        RecogniserSession session = resumed(new Gap(STREAM, 17, 0, 6000, 7000, "missing"));
        speak(session, 20);
        nextSample += RATE;
        speak(session, 10);
        nextSample += RATE;
        speak(session, 10);
        passes(session, Duration.ofSeconds(2));

        assertThat(all(Gap.class)).singleElement().satisfies(gap -> {
            assertThat(gap.startMillis()).isEqualTo(8000);
            assertThat(gap.endMillis()).isEqualTo(9000);
        });
    }

    @Test
    void whatIsNotRecognisedOnceTheProcessStopsIsAGapBeforeTheEnd() {
        RecogniserSession session = session();
        speak(session, 20);
        hangUp(session);

        session.giveUp("the process stopped");

        assertThat(all(Gap.class)).singleElement().satisfies(gap -> {
            assertThat(gap.startMillis()).isZero();
            assertThat(gap.endMillis()).isEqualTo(2000);
            assertThat(gap.reason()).isEqualTo("the process stopped");
        });
        assertThat(events.get(events.size() - 1))
                .isInstanceOfSatisfying(
                        CallEnded.class, end -> assertThat(end.reason()).isEqualTo(EndReason.CALLENDED));
        assertThat(session.isOver()).isTrue();
    }

    @Test
    void aStreamThatGoesOnWhenTheProcessStopsEndsAsDrained() {
        RecogniserSession session = session();
        speak(session, 20);

        session.giveUp("the process stopped");

        assertThat(all(Gap.class)).extracting(Gap::endMillis).containsExactly(2000L);
        assertThat(all(CallEnded.class)).extracting(CallEnded::reason).containsExactly(EndReason.DRAINED);
        assertThat(session.isOver()).isTrue();
    }

    @Test
    void tellsTheEndOfAnUtteranceThatAnotherProcessBegan() {
        RecogniserSession session = resumed();
        speak(session, 20);
        recogniser.last().listener.utteranceEnd();
        assertThat(all(Final.class)).extracting(Final::utteranceEnd).containsExactly(true);
        assertThat(all(Final.class).get(0).endMillis()).isEqualTo(5000);
    }

    @Test
    void audioThatIsMissingAfterATakeOverIsAGap() {
        RecogniserSession session = resumed();
        nextSample += RATE;
        speak(session, 1);
        hangUp(session);
        recogniser.last().says(0, 100, "");
        recogniser.last().listener.closed(null);
        assertThat(all(Gap.class)).extracting(Gap::startMillis).containsExactly(4000L);
        assertThat(all(Gap.class)).extracting(Gap::endMillis).containsExactly(5000L);
    }

    @Test
    void aReleasedStreamSaysNothingMoreAndSettlesNothing() {
        RecogniserSession session = session();
        AtomicInteger settled = new AtomicInteger();
        session.audio(window(), settled::incrementAndGet);
        answersAtOnce = false;
        recogniser.last().says(0, 50, "one");
        recogniser.last().says(50, 100, "two");
        session.release();
        unanswered.remove().accept(new IllegalStateException("not the owner any more"));
        recogniser.last().says(100, 200, "three");
        hangUp(session);

        assertThat(recogniser.last().aborted).isTrue();
        assertThat(all(Final.class)).extracting(Final::text).containsExactly("one");
        assertThat(all(CallEnded.class)).isEmpty();
        assertThat(settled).hasValue(0);
        assertThat(session.isOver()).isTrue();
    }

    @Test
    void aCallerThatIsNotHeardOfAnyMoreIsLost() {
        Duration lostAfter = Duration.ofSeconds(30);
        RecogniserSession session = session(SessionOptions.DEFAULTS.withLostAfter(lostAfter));
        speak(session, 10);
        recogniser.last().says(0, 1000, "hello");
        passes(session, Duration.ofSeconds(20));
        session.audio(new AudioWindow(STREAM, nextNumber++, nextSample, RATE, new byte[0]), null);
        passes(session, Duration.ofSeconds(20));
        assertThat(recogniser.last().ended).as("a sign of life came meanwhile").isFalse();
        passes(session, Duration.ofSeconds(10));
        assertThat(recogniser.last().ended).isTrue();
        recogniser.last().listener.closed(null);
        assertThat(all(CallEnded.class)).extracting(CallEnded::reason).containsExactly(EndReason.LOST);
        assertThat(all(CallEnded.class).get(0).durationMillis()).isEqualTo(1000);
    }

    @Test
    void aWindowWithoutAudioIsNotSentAndItsReceiptIsNotLost() {
        RecogniserSession session = session();
        AtomicInteger settled = new AtomicInteger();
        AudioWindow empty = new AudioWindow(STREAM, nextNumber++, nextSample, RATE, new byte[0]);
        session.audio(empty, settled::incrementAndGet);
        assertThat(recogniser.connections).isEmpty();
        assertThat(settled).hasValue(1);
        speak(session, 1);
        assertThat(recogniser.last().heard.size()).isEqualTo(WINDOW_BYTES);
    }

    @Test
    void theLastWordsOfACallerOnHoldBecomeFinal() {
        RecogniserSession session = session();
        speak(session, 10);
        passes(session, RecogniserSession.FLUSH_AFTER_SILENCE);
        passes(session, RecogniserSession.FLUSH_AFTER_SILENCE);
        assertThat(recogniser.last().flushes).isEqualTo(1);
        recogniser.last().says(0, 1000, "hold on");
        speak(session, 1);
        recogniser.last().says(1000, 1100, "");
        passes(session, RecogniserSession.FLUSH_AFTER_SILENCE);
        assertThat(recogniser.last().flushes).as("nothing is left to flush").isEqualTo(1);
    }

    @Test
    void aStandstillOfThisProcessIsNobodysSilence() {
        RecogniserSession session = session(SessionOptions.DEFAULTS.withLostAfter(Duration.ofSeconds(15)));
        passes(session, Duration.ofMillis(40));
        speak(session, 10);
        standsStill(session, Duration.ofMinutes(1));
        assertThat(recogniser.last().flushes).isZero();
        assertThat(recogniser.connections).hasSize(1);
        assertThat(session.isOver()).isFalse();
        passes(session, RecogniserSession.FLUSH_AFTER_SILENCE);
        assertThat(recogniser.last().flushes).isEqualTo(1);
    }

    @Test
    void aRecogniserThatEndsTooEarlyIsAskedOnceMore() {
        RecogniserSession session = session();
        speak(session, 20);
        hangUp(session);
        recogniser.last().says(0, 1000, "hello");
        recogniser.last().listener.closed(null);
        assertThat(all(CallEnded.class)).isEmpty();
        passes(session, SessionOptions.DEFAULT_RETRY_BASE);
        recogniser.last().says(1000, 2000, "world");
        recogniser.last().listener.closed(null);
        assertThat(all(Final.class)).extracting(Final::text).containsExactly("hello", "world");
        assertThat(all(Gap.class)).isEmpty();
        assertThat(session.isOver()).isTrue();
    }

    @Test
    void whatARecogniserLeavesOutTwiceIsAGap() {
        RecogniserSession session = session();
        speak(session, 20);
        hangUp(session);
        recogniser.last().says(0, 1000, "hello");
        recogniser.last().listener.closed(null);
        passes(session, SessionOptions.DEFAULT_RETRY_BASE);
        recogniser.last().listener.closed(null);
        assertThat(all(Gap.class)).extracting(Gap::startMillis).containsExactly(1000L);
        assertThat(all(Gap.class)).extracting(Gap::endMillis).containsExactly(2000L);
        assertThat(all(Gap.class).get(0).reason()).contains("left out the last 1000 ms");
        assertThat(session.isOver()).isTrue();
    }

    @Test
    void measuresWhatItReplaysLosesAndSays() {
        RecogniserSession session = session();
        speak(session, 20);
        nowNanos += Duration.ofMillis(700).toNanos();
        recogniser.last().says(0, 1000, "hello");
        recogniser.last().isLost();
        passes(session, SessionOptions.DEFAULT_RETRY_BASE);
        assertThat(meters.get("rtaa.asr.finals").counter().count()).isEqualTo(1);
        assertThat(meters.get("rtaa.asr.words").counter().count()).isEqualTo(1);
        assertThat(meters.get("rtaa.asr.audio.replayed").counter().count()).isEqualTo(2.0);
        assertThat(meters.get("rtaa.asr.lag").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(2000);
        assertThat(meters.get("rtaa.asr.first.transcript").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(700);
        assertThat(meters.get("rtaa.asr.connections.lost")
                        .tags("provider", "scripted", "cause", "retryable")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(session.lagMillis()).isEqualTo(1000);
    }
}
