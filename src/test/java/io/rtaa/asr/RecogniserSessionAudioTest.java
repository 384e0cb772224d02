package io.rtaa.asr;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.AudioWindow;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.call.TranscriptEvent.State;
import io.rtaa.call.TranscriptEvent.Status;
import io.rtaa.call.Word;
import io.rtaa.testsupport.Shorthand;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a session sends audio to its recogniser, sends it again after a drop, and publishes gaps for lost audio. */
class RecogniserSessionAudioTest extends SessionFixture {

    @Test
    void opensTheConnectionWhenTheFirstAudioIsThere() {
        RecogniserSession session = session();
        assertThat(recogniser.connections).isEmpty();
        speak(session, 1);
        assertThat(recogniser.connections).hasSize(1);
    }

    @Test
    void keepsAudioInOrderWhileTheConnectionOpens() {
        recogniser = new ScriptedRecogniser(Double.POSITIVE_INFINITY).opensWhenTold();
        RecogniserSession session = session();
        speak(session, 3);
        assertThat(recogniser.last().heard.size()).isZero();
        recogniser.last().listener.opened();
        byte[] heard = recogniser.last().heard.toByteArray();
        assertThat(heard).hasSize(3 * WINDOW_BYTES);
        assertThat(List.of(heard[0], heard[WINDOW_BYTES], heard[2 * WINDOW_BYTES]))
                .containsExactly((byte) 1, (byte) 2, (byte) 3);
    }

    @Test
    void replaysFromBeforeTheLastWordAfterADropAndSaysNoWordTwice() {
        RecogniserSession session = session();
        speak(session, 60);
        recogniser.last().says(0, 4000, "");
        recogniser.last().says(4000, 4500, "one");
        recogniser.last().believes(4500, 4900, "tw");
        recogniser.last().isLost();
        assertThat(all(Status.class)).extracting(Status::state).contains(State.RETRYING);

        passes(session, SessionOptions.DEFAULT_RETRY_BASE);
        assertThat(recogniser.connections).hasSize(2);
        assertThat((long) recogniser.last().heard.size()).isEqualTo(bytes(6000 - 4000 + 150));
        recogniser
                .last()
                .listener
                .finalResult(Shorthand.span(
                        0,
                        1200,
                        "one two",
                        null,
                        0,
                        true,
                        List.of(
                                new Word("one", "one", 120, 640, null, null),
                                new Word("two", "two", 700, 1150, null, null))));

        assertThat(all(Final.class)).extracting(Final::text).containsExactly("one", "two");
        assertThat(all(Final.class).get(1).startMillis()).isEqualTo(3850 + 700);
        assertThat(all(Final.class).get(1).endMillis()).isEqualTo(3850 + 1150);
    }

    @Test
    void aRecogniserThatTakesAudioAndSaysNothingCountsAsLost() {
        RecogniserSession session = session();
        speak(session, 10);
        passes(session, SessionOptions.DEFAULT_FROZEN_AFTER.minusMillis(1));
        recogniser.last().listener.alive();
        speak(session, 1);
        passes(session, SessionOptions.DEFAULT_FROZEN_AFTER.minusMillis(1));
        assertThat(recogniser.last().aborted).isFalse();
        passes(session, RecogniserSession.UNHURRIED);
        assertThat(recogniser.last().aborted).isTrue();
        assertThat(all(Status.class)).extracting(Status::state).endsWith(State.RETRYING);
    }

    @Test
    void aQuietCallIsNoFrozenRecogniser() {
        RecogniserSession session = session();
        speak(session, 10);
        recogniser.last().says(0, 1000, "hello");
        passes(session, Duration.ofMinutes(5));
        assertThat(recogniser.last().aborted).isFalse();
    }

    @Test
    void hearsNothingMoreFromAConnectionThatWasGivenUp() {
        RecogniserSession session = session();
        speak(session, 10);
        ScriptedRecogniser.Connection first = recogniser.last();
        first.isLost();
        first.says(0, 1000, "ghost");
        assertThat(first.aborted).isTrue();
        assertThat(all(Final.class)).isEmpty();
    }

    @Test
    void recognisesWhatIsLeftWhenTheConnectionDropsAfterTheHangUp() {
        RecogniserSession session = session();
        speak(session, 10);
        hangUp(session);
        assertThat(recogniser.last().ended).isTrue();
        recogniser.last().isLost();
        passes(session, SessionOptions.DEFAULT_RETRY_BASE);
        recogniser.last().says(0, 1000, "bye");
        recogniser.last().listener.closed(null);
        assertThat(events).extracting(TranscriptEvent::type).endsWith("final", "call_ended");
        assertThat(all(Gap.class)).isEmpty();
    }

    @Test
    void saysWhatWasLostWhenTheRecogniserNeverFinishes() {
        RecogniserSession session = session();
        speak(session, 10);
        hangUp(session);
        passes(session, SessionOptions.DEFAULT_DRAIN_TIMEOUT);
        assertThat(recogniser.connections)
                .as("it is asked again when it seems frozen")
                .hasSizeGreaterThan(1);
        assertThat(all(Gap.class)).hasSize(1);
        assertThat(all(Gap.class).get(0).endMillis()).isEqualTo(1000);
        assertThat(events).extracting(TranscriptEvent::type).endsWith("gap", "call_ended");
    }

    @Test
    void aRefusedStreamFailsWithItsReasonAndTellsItsLossAtTheEnd() {
        recogniser = new ScriptedRecogniser(Double.POSITIVE_INFINITY).opensWhenTold();
        RecogniserSession session = session();
        speak(session, 5);
        recogniser
                .last()
                .listener
                .closed(new RecogniserFailure(RecogniserFailure.Kind.STREAM_REFUSED, "full: 2 of 2 calls"));
        speak(session, 5);
        hangUp(session);
        assertThat(recogniser.connections).hasSize(1);
        assertThat(all(Status.class))
                .extracting(Status::state, Status::reason)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(State.FAILED, "full: 2 of 2 calls"));
        assertThat(all(Gap.class))
                .extracting(Gap::startMillis, Gap::endMillis)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(0L, 1000L));
        assertThat(events).extracting(TranscriptEvent::type).endsWith("gap", "call_ended");
    }

    @Test
    void dropsRepeatsAndTellsHoles() {
        RecogniserSession session = session();
        AudioWindow first = window();
        AudioWindow missing = window();
        AudioWindow third = window();
        session.audio(first, null);
        session.audio(first, null);
        session.audio(third, null);
        recogniser.last().says(0, 200, "hello");

        assertThat(recogniser.last().heard.size()).isEqualTo(2 * WINDOW_BYTES);
        assertThat(all(Gap.class)).hasSize(1);
        assertThat(all(Gap.class).get(0).startMillis()).isEqualTo(WINDOW_MILLIS);
        assertThat(all(Gap.class).get(0).endMillis()).isEqualTo(2L * WINDOW_MILLIS);
        assertThat(missing.endSample()).isEqualTo(third.firstSample());
        // What the recogniser counts as 200 ms lies, in the stream, behind the hole.
        assertThat(all(Final.class).get(0).endMillis()).isEqualTo(300);
    }

    @Test
    void dropsTheOldestAudioPastTheLimitAndSaysSo() {
        recogniser = new ScriptedRecogniser(Double.POSITIVE_INFINITY).opensWhenTold();
        SessionOptions defaults = SessionOptions.DEFAULTS;
        RecogniserSession session = session(new SessionOptions(
                Duration.ofSeconds(1),
                defaults.partialInterval(),
                defaults.frozenAfter(),
                defaults.unheardAfter(),
                defaults.retryBase(),
                defaults.retryCap(),
                defaults.drainTimeout(),
                defaults.lostAfter(),
                defaults.eventLimit()));
        speak(session, 12);
        assertThat(all(Gap.class)).as("gathered for a second").isEmpty();
        passes(session, Duration.ofSeconds(1));
        assertThat(all(Gap.class)).extracting(Gap::startMillis).containsExactly(0L);
        assertThat(all(Gap.class)).extracting(Gap::endMillis).containsExactly(200L);
        recogniser.last().listener.opened();
        assertThat(recogniser.last().heard.toByteArray()[0]).isEqualTo((byte) 3);
        recogniser.last().says(0, 1000, "rest");
        assertThat(all(Final.class).get(0).startMillis()).isEqualTo(200);
    }

    /** What was said last is not final until the recogniser, asked once more, has said so. */
    @Test
    void asksForTheLastWordsAgainWhereTheConnectionDropsBeforeTheyAreFinal() {
        RecogniserSession session = session();
        speak(session, 10);
        passes(session, RecogniserSession.FLUSH_AFTER_SILENCE.plusSeconds(1));
        assertThat(recogniser.last().flushes).isEqualTo(1);
        recogniser.last().listener.closed(RecogniserFailure.retryable("drop", "dropped"));
        passes(session, Duration.ofSeconds(2));
        assertThat(recogniser.last().flushes).isEqualTo(1);
        recogniser.last().says(0, 1000, "wait");
        assertThat(all(Final.class)).extracting(Final::text).containsExactly("wait");
    }

    @Test
    void sendsNoFasterThanTheRecogniserLikes() {
        recogniser = new ScriptedRecogniser(1.25);
        RecogniserSession session = session();
        speak(session, 50);
        long sentAtOnce = recogniser.last().heard.size();
        assertThat(sentAtOnce).isLessThanOrEqualTo(bytes(Pacer.BURST_MILLIS));
        for (int i = 0; i < 80; i++) {
            passes(session, Duration.ofMillis(40));
            long elapsedMillis = 40L * (i + 1);
            assertThat((long) recogniser.last().heard.size())
                    .isLessThanOrEqualTo(bytes(elapsedMillis * 5 / 4 + Pacer.BURST_MILLIS));
        }
        passes(session, Duration.ofSeconds(1));
        for (int i = 0; i < 80; i++) {
            passes(session, Duration.ofMillis(40));
        }
        assertThat(recogniser.last().heard.size()).isEqualTo(50 * WINDOW_BYTES);
    }
}
