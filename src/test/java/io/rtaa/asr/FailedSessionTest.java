package io.rtaa.asr;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.rtaa.call.AudioReceipt;
import io.rtaa.call.CallEnd;
import io.rtaa.call.EndReason;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.testsupport.CapturedLog;
import io.rtaa.testsupport.Shorthand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A session in which something throws: it costs its own call, and nothing of it stays behind. */
class FailedSessionTest extends SessionFixture {

    private final List<AtomicInteger> receipts = new ArrayList<>();

    private AudioReceipt receipt() {
        AtomicInteger settled = new AtomicInteger();
        receipts.add(settled);
        return settled::incrementAndGet;
    }

    private void speakWithReceipts(RecogniserSession session, int windows) {
        for (int i = 0; i < windows; i++) {
            session.audio(window(), receipt());
        }
    }

    private void assertAllIsSettled() {
        assertThat(receipts)
                .isNotEmpty()
                .allSatisfy(settled -> assertThat(settled.get()).isPositive());
    }

    private void assertEndsAsFailedWithAGap(long fromMillis, long toMillis) {
        assertThat(all(Gap.class)).singleElement().satisfies(gap -> {
            assertThat(gap.startMillis()).isEqualTo(fromMillis);
            assertThat(gap.endMillis()).isEqualTo(toMillis);
            assertThat(gap.reason()).isEqualTo("a fault of the service ended the call");
        });
        assertThat(all(CallEnded.class)).singleElement().satisfies(ended -> {
            assertThat(ended.reason()).isEqualTo(EndReason.FAILED);
            assertThat(ended.durationMillis()).isEqualTo(toMillis);
        });
        assertThat(events.get(events.size() - 1)).isInstanceOf(CallEnded.class);
    }

    @Test
    void anErrorEndsTheCallTellsWhatIsMissingAndSettlesItsAudio() {
        recogniser.throwsOnSend(new NoClassDefFoundError("on purpose"));
        RecogniserSession session = session();

        speakWithReceipts(session, 5);

        assertEndsAsFailedWithAGap(0, 100);
        assertAllIsSettled();
        assertThat(recogniser.last().aborted).isTrue();
        assertThat(meters.get("rtaa.asr.sessions.failed").counter().count()).isEqualTo(1);
    }

    @Test
    void wordsThatCannotBeWrittenAreInTheGap() {
        RecogniserSession session = session();
        speakWithReceipts(session, 10);
        recogniser.last().says(0, 400, "hello");

        recogniser.last().listener.finalResult(Shorthand.span(400, 800, null, null, 0, true, List.of()));

        assertThat(all(Final.class)).extracting(Final::text).containsExactly("hello");
        assertEndsAsFailedWithAGap(400, 1000);
        assertAllIsSettled();
    }

    @Test
    void aSinkThatThrowsIsLoggedByWhatItThrewAndNotByWhatWasSaid() {
        try (CapturedLog log = CapturedLog.of("io.rtaa.asr", Level.INFO)) {
            RecogniserSession session = unstarted(SessionOptions.DEFAULTS, (event, origin, receipt, published) -> {
                throw new OutOfMemoryError("hello");
            });
            session.start(null);

            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("ERROR A transcript event could not be published")
                    .contains("failure=java.lang.OutOfMemoryError")
                    .doesNotContain("hello");
        }
        assertThat(faults.fatal()).contains("OutOfMemoryError");
    }

    @Test
    void whatTheCallerStillSendsBeginsNoOtherCall() {
        recogniser.throwsOnSend(new StackOverflowError("on purpose"));
        RecogniserSession session = session();
        speakWithReceipts(session, 1);

        for (int i = 0; i < 100; i++) {
            passes(session, Duration.ofSeconds(1));
            speakWithReceipts(session, 1);
        }
        assertThat(session.isOver()).isFalse();
        session.end(new CallEnd(STREAM, nextNumber, nextSample, EndReason.CALLENDED, 0), receipt());

        assertThat(session.isOver()).isTrue();
        assertThat(all(CallEnded.class)).hasSize(1);
        assertAllIsSettled();
    }

    @Test
    void aStreamWhoseEndNeverComesIsForgottenOnceItIsSilent() {
        recogniser.throwsOnSend(new StackOverflowError("on purpose"));
        RecogniserSession session = session();
        speakWithReceipts(session, 1);

        passes(session, RecogniserSession.FORGET_FAILED_AFTER.minusSeconds(1));
        assertThat(session.isOver()).isFalse();
        passes(session, Duration.ofSeconds(2));

        assertThat(session.isOver()).isTrue();
    }

    @Test
    void aSessionThatWasGivenAwayPublishesNoEnd() {
        recogniser.throwsOnSend(new NoClassDefFoundError("on purpose"));
        RecogniserSession session = session();
        session.release();

        speakWithReceipts(session, 3);

        assertThat(events).extracting(TranscriptEvent::type).containsExactly("call_started");
        assertThat(session.isOver()).isTrue();
    }

    @Test
    void aSinkThatThrowsHoldsNoLaterEventUp() {
        boolean[] throwing = {true};
        TranscriptSink working = sink;
        RecogniserSession session = unstarted(SessionOptions.DEFAULTS, (event, origin, receipt, published) -> {
            if (throwing[0]) {
                throwing[0] = false;
                throw new LinkageError("on purpose");
            }
            working.publish(event, origin, receipt, published);
        });
        session.start(null);
        speak(session, 1);
        recogniser.last().says(0, 100, "hello");

        assertThat(all(Final.class)).extracting(Final::text).containsExactly("hello");
        assertThat(all(CallEnded.class)).isEmpty();
    }

    @Test
    void audioBehindAStepThatBlocksIsBoundedAndMissedAsAGap() {
        answersAtOnce = false;
        RecogniserSession[] blocked = new RecogniserSession[1];
        int sent = RecogniserSession.MAX_WAITING_STEPS + 50;
        TranscriptSink working = sink;
        RecogniserSession session = unstarted(SessionOptions.DEFAULTS, (event, origin, receipt, published) -> {
            if (event instanceof TranscriptEvent.CallStarted) {
                // As if other threads brought audio while the route is busy with the first event.
                speakWithReceipts(blocked[0], sent);
            }
            working.publish(event, origin, receipt, published);
        });
        blocked[0] = session;
        session.start(null);
        answersAtOnce = true;
        answerAll();
        long droppedFromMillis = (RecogniserSession.MAX_WAITING_STEPS - 1) * (long) WINDOW_MILLIS;
        speakWithReceipts(session, 1);
        passes(session, Duration.ofSeconds(2));

        assertThat(all(Gap.class))
                .anySatisfy(gap -> assertThat(gap.startMillis()).isEqualTo(droppedFromMillis));
        assertThat(receipts.subList(RecogniserSession.MAX_WAITING_STEPS, sent))
                .allSatisfy(settled -> assertThat(settled.get()).isPositive());
    }
}
