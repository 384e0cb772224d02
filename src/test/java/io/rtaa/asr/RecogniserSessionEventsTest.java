package io.rtaa.asr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.rtaa.call.AudioOrigin;
import io.rtaa.call.AudioReceipt;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallNote;
import io.rtaa.call.EndReason;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.call.TranscriptEvent.Partial;
import io.rtaa.call.TranscriptEvent.State;
import io.rtaa.call.TranscriptEvent.Status;
import io.rtaa.testsupport.Shorthand;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Which events a session publishes of a call, in which order, and when it settles the audio behind them. */
class RecogniserSessionEventsTest extends SessionFixture {

    @Test
    void tellsACallFromItsStartToItsEnd() {
        RecogniserSession session = session();
        speak(session, 10);
        recogniser.last().says(0, 1000, "hello");
        hangUp(session);
        recogniser.last().listener.closed(null);

        assertThat(events)
                .extracting(TranscriptEvent::type)
                .containsExactly("call_started", "status", "final", "call_ended");
        assertThat(events).extracting(TranscriptEvent::seq).containsExactly(1L, 2L, 3L, 4L);
        assertThat(all(Final.class).get(0).startMillis()).isZero();
        assertThat(all(Final.class).get(0).endMillis()).isEqualTo(1000);
        assertThat(all(CallEnded.class).get(0).durationMillis()).isEqualTo(1000);
        assertThat(session.isOver()).isTrue();
    }

    @Test
    void givesEveryEventTheOriginThatTheSessionBeganWith() {
        AudioOrigin origin = new AudioOrigin() {};
        AudioReceipt receipt = new AudioReceipt() {
            @Override
            public void settle() {}

            @Override
            public AudioOrigin origin() {
                return origin;
            }
        };
        RecogniserSession session = unstarted(SessionOptions.DEFAULTS);
        session.start(AudioReceipt.all(List.of(receipt)));
        speak(session, 10);
        recogniser.last().says(0, 1000, "hello");

        assertThat(events).extracting(TranscriptEvent::type).containsExactly("call_started", "status", "final");
        assertThat(origins).containsOnly(origin);
    }

    @Test
    void endsAnUtteranceAfterSilenceWhereTheRecogniserDoesNot() {
        RecogniserSession session = session();
        speak(session, 50);
        recogniser.last().leavesOpen(100, 900, "hello");
        recogniser.last().hearsNothing(1000, 2800);
        assertThat(all(Final.class)).hasSize(1);

        recogniser.last().hearsNothing(2800, 3000);
        recogniser.last().hearsNothing(3000, 5000);

        assertThat(all(Final.class)).extracting(Final::text).containsExactly("hello", "");
        assertThat(all(Final.class)).extracting(Final::utteranceEnd).containsExactly(false, true);
    }

    @Test
    void tellsTheEndOfAnUtteranceThatComesAfterItsWords() {
        RecogniserSession session = session();
        speak(session, 10);
        recogniser.last().listener.finalResult(Shorthand.span(0, 500, "hello", null, 0, false, List.of()));
        recogniser.last().listener.utteranceEnd();
        recogniser.last().listener.utteranceEnd();
        assertThat(all(Final.class)).extracting(Final::utteranceEnd).containsExactly(false, true);
        assertThat(all(Final.class).get(1).text()).isEmpty();
    }

    @Test
    void settlesAudioOnceItsFinalIsPublishedAndNotBefore() {
        RecogniserSession session = session();
        answersAtOnce = false;
        AtomicInteger settled = new AtomicInteger();
        AudioReceipt receipt = settled::incrementAndGet;
        for (int i = 0; i < 30; i++) {
            session.audio(window(), receipt);
        }
        answerAll();
        recogniser.last().says(0, 2850, "hello");
        assertThat(settled).hasValue(0);
        answerAll();
        // Audio up to two seconds behind the final stays pending, for a replay may begin in it.
        assertThat(settled).hasValue(8);
        recogniser.last().says(2850, 3000, "");
        assertThat(settled).hasValue(10);
        hangUp(session);
        recogniser.last().listener.closed(null);
        answerAll();
        assertThat(settled).hasValue(30);
    }

    /** Else a call on hold would have its bus keep everything of its partition that came later. */
    @Test
    void settlesAllAudioOfACallThatIsFinalAndSilentForLong() {
        AtomicInteger settled = new AtomicInteger();
        RecogniserSession session = session();
        for (int i = 0; i < 30; i++) {
            session.audio(window(), settled::incrementAndGet);
        }
        recogniser.last().says(0, 2900, "please hold");
        assertThat(settled).hasValue(9);

        passes(session, RecogniserSession.LET_GO_AFTER_SILENCE.minusSeconds(1));
        assertThat(settled).hasValue(9);
        passes(session, Duration.ofSeconds(2));
        assertThat(settled).hasValue(30);

        speak(session, 10);
        recogniser.last().says(3000, 4000, "hello again");
        assertThat(all(Final.class)).extracting(Final::text).containsExactly("please hold", "hello again");
        assertThat(all(Gap.class)).isEmpty();
    }

    @Test
    void doesNotSettleAudioWhoseFinalCouldNotBePublished() {
        RecogniserSession session = session();
        answersAtOnce = false;
        AtomicInteger settled = new AtomicInteger();
        for (int i = 0; i < 30; i++) {
            session.audio(window(), settled::incrementAndGet);
        }
        answerAll();
        recogniser.last().says(0, 3000, "hello");
        unanswered.remove().accept(new IllegalStateException("bus gone"));
        assertThat(settled).hasValue(0);
    }

    @Test
    void publishesOneEventAtATimeAndOnlyTheLatestPartial() {
        RecogniserSession session = session();
        speak(session, 10);
        answersAtOnce = false;
        recogniser.last().says(0, 100, "a");
        recogniser.last().believes(100, 200, "b");
        recogniser.last().believes(100, 300, "b c");
        assertThat(unanswered).hasSize(1);
        answerAll();
        passes(session, SessionOptions.DEFAULT_PARTIAL_INTERVAL);
        answerAll();
        assertThat(all(Partial.class)).extracting(Partial::text).containsExactly("b c");
        assertThat(events).extracting(TranscriptEvent::seq).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void holdsPartialsToTheirInterval() {
        RecogniserSession session = session();
        speak(session, 10);
        recogniser.last().believes(0, 100, "a");
        recogniser.last().believes(0, 200, "a b");
        recogniser.last().believes(0, 300, "a b c");
        assertThat(all(Partial.class)).extracting(Partial::text).containsExactly("a");
        passes(session, SessionOptions.DEFAULT_PARTIAL_INTERVAL);
        assertThat(all(Partial.class)).extracting(Partial::text).containsExactly("a", "a b c");
    }

    @Test
    void aFinalReplacesThePartialThatWasHeld() {
        RecogniserSession session = session();
        speak(session, 10);
        recogniser.last().believes(0, 100, "a");
        recogniser.last().believes(0, 200, "a b");
        recogniser.last().says(0, 300, "a b");
        passes(session, SessionOptions.DEFAULT_PARTIAL_INTERVAL);
        assertThat(all(Partial.class)).extracting(Partial::text).containsExactly("a");
    }

    @Test
    void aCallWithoutAudioStartsAndEnds() {
        RecogniserSession session = session();
        hangUp(session);
        assertThat(events).extracting(TranscriptEvent::type).containsExactly("call_started", "call_ended");
        assertThat(all(CallStarted.class)).hasSize(1);
        assertThat(recogniser.connections).isEmpty();
        assertThat(session.isOver()).isTrue();
    }

    @Test
    void publishesANoteInTheStateThatTheCallHasAndSettlesIt() {
        AtomicInteger settled = new AtomicInteger();
        RecogniserSession session = session();
        session.note(new CallNote(STREAM, 1, 0, RATE, false, "too early", 0), settled::incrementAndGet);
        nextNumber = 2;
        speak(session, 2);
        session.note(
                new CallNote(STREAM, 4, nextSample, RATE, false, "a frame is dropped", 0), settled::incrementAndGet);

        assertThat(all(Status.class))
                .extracting(Status::state, Status::provider, Status::reason)
                .containsExactly(
                        tuple(State.WAITING, null, "too early"),
                        tuple(State.RECOGNISING, "scripted", null),
                        tuple(State.RECOGNISING, "scripted", "a frame is dropped"));
        assertThat(settled).hasValue(2);
    }

    @Test
    void saysWhyAStreamWasRefusedBeforeItsEnd() {
        AtomicInteger settled = new AtomicInteger();
        RecogniserSession session = session();
        session.note(new CallNote(STREAM, 1, 0, RATE, true, "encoding 'opus' is unknown", 0), settled::incrementAndGet);
        session.note(new CallNote(STREAM, 2, 0, RATE, true, "something else", 0), settled::incrementAndGet);
        session.end(new CallEnd(STREAM, 3, 0, EndReason.REFUSED, 0), settled::incrementAndGet);
        session.note(new CallNote(STREAM, 4, 0, RATE, true, "too late", 0), settled::incrementAndGet);

        assertThat(events).extracting(TranscriptEvent::type).containsExactly("call_started", "status", "call_ended");
        assertThat(all(Status.class))
                .extracting(Status::state, Status::provider, Status::reason)
                .containsExactly(tuple(State.FAILED, null, "encoding 'opus' is unknown"));
        assertThat(all(CallEnded.class)).extracting(CallEnded::reason).containsExactly(EndReason.REFUSED);
        assertThat(settled).hasValue(4);
    }

    @Test
    void saysWhyAStreamWasRefusedAfterTheWordsThatWereSaidBefore() {
        RecogniserSession session = session();
        speak(session, 10);
        session.note(new CallNote(STREAM, 11, nextSample, RATE, true, "rubbish came", 0), null);
        session.end(new CallEnd(STREAM, 12, nextSample, EndReason.REFUSED, 0), null);
        recogniser.last().says(0, 1000, "so far");
        recogniser.last().listener.closed(null);

        assertThat(events)
                .extracting(TranscriptEvent::type)
                .containsExactly("call_started", "status", "final", "status", "call_ended");
        assertThat(all(Status.class))
                .extracting(Status::state, Status::reason)
                .containsExactly(tuple(State.RECOGNISING, null), tuple(State.FAILED, "rubbish came"));
    }
}
