package io.rtaa.asr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.rtaa.call.CallResume;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.Word;
import io.rtaa.testsupport.Shorthand;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SpeakersTest extends SessionFixture {

    private static Word word(String text, long startMillis, @Nullable Integer speaker) {
        return new Word(
                text.toLowerCase(Locale.ROOT).replaceAll("\\W", ""), text, startMillis, startMillis + 90, 0.5, speaker);
    }

    @Test
    void publishesAFinalForEachTurnCutFromTheTextOfTheWhole() {
        RecogniserSession session = session();
        speak(session, 10);
        recogniser
                .last()
                .says(
                        "Hello, sir. Yes, please! Fine.",
                        word("Hello,", 0, 0),
                        word("sir.", 100, 0),
                        word("Yes,", 200, 1),
                        word("please!", 300, 1),
                        word("Fine.", 400, 0));

        assertThat(all(Final.class))
                .extracting(Final::text, Final::speaker, Final::startMillis, Final::endMillis, Final::utteranceEnd)
                .containsExactly(
                        tuple("Hello, sir.", 0, 0L, 190L, true),
                        tuple("Yes, please!", 1, 200L, 390L, true),
                        tuple("Fine.", 0, 400L, 490L, true));
        assertThat(all(Final.class)).extracting(Final::speakers).containsExactly(1, 2, 2);
        assertThat(all(Final.class))
                .allSatisfy(said ->
                        assertThat(said.words()).extracting(Word::speaker).containsOnly(said.speaker()));
        assertThat(all(Final.class)).extracting(Final::confidence).containsOnly(0.5);
    }

    @Test
    void leavesTheLastTurnOpenWhereItsUtteranceGoesOn() {
        RecogniserSession session = session();
        speak(session, 10);
        List<Word> words = List.of(word("a", 0, 0), word("b", 100, 1));
        recogniser.last().listener.finalResult(Shorthand.span(0, 300, "a b", 0.9, 0, false, words));

        assertThat(all(Final.class)).extracting(Final::utteranceEnd).containsExactly(true, false);
    }

    @Test
    void countsAWordWithoutASpeakerToTheTurnItStandsIn() {
        RecogniserSession session = session();
        speak(session, 10);
        recogniser
                .last()
                .says("a b c d", word("a", 0, null), word("b", 100, 1), word("c", 200, null), word("d", 300, 0));

        assertThat(all(Final.class))
                .extracting(Final::text, Final::speaker)
                .containsExactly(tuple("a b c", 1), tuple("d", 0));
    }

    @Test
    void turnsThatOverlapInTimeFollowEachOther() {
        RecogniserSession session = session();
        speak(session, 10);
        recogniser.last().says("a b", word("a", 100, 0), word("b", 150, 1));

        assertThat(all(Final.class))
                .extracting(Final::startMillis, Final::endMillis)
                .containsExactly(tuple(100L, 190L), tuple(190L, 240L));
    }

    @Test
    void settlesAudioWithTheLastOfItsTurns() {
        AtomicInteger settled = new AtomicInteger();
        RecogniserSession session = session();
        answersAtOnce = false;
        for (int i = 0; i < 30; i++) {
            session.audio(window(), settled::incrementAndGet);
        }
        answerAll();
        recogniser.last().says("a b", word("a", 0, 0), word("b", 2800, 1));

        unanswered.remove().accept(null);
        assertThat(settled).hasValue(0);
        answerAll();
        assertThat(settled).hasValue(8);
    }

    @Test
    void theSpeakersOfAnotherConnectionAreOthers() {
        RecogniserSession session = session();
        speak(session, 10);
        recogniser.last().says("a b", word("a", 0, 0), word("b", 100, 2));
        recogniser.last().isLost();
        passes(session, Duration.ofSeconds(20));
        speak(session, 10);
        recogniser.last().says("b c d", word("b", 0, 1), word("c", 600, 1), word("d", 700, 0));

        assertThat(recogniser.connections).hasSizeGreaterThan(1);
        assertThat(all(Final.class)).extracting(Final::speaker).containsExactly(0, 2, 4, 3);
        assertThat(all(Final.class)).extracting(Final::speakers).containsExactly(1, 3, 5, 5);
    }

    @Test
    void theTextOfWhatAReplayHeardForTheFirstTimeIsCutAsItReads() {
        RecogniserSession session = session();
        speak(session, 10);
        recogniser.last().says("はい、", word("はい、", 0, 0));
        recogniser.last().isLost();
        passes(session, Duration.ofSeconds(20));
        recogniser.last().says("はい、分かります。はい。", word("はい、", 0, 0), word("分かります。", 500, 0), word("はい。", 700, 0));

        assertThat(all(Final.class)).extracting(Final::text).containsExactly("はい、", "分かります。はい。");
    }

    @Test
    void wordsThatReachBeyondTheirSpanAreCutAsOthersAre() {
        RecogniserSession session = session();
        speak(session, 10);
        List<Word> words = List.of(word("a", 100, 0), word("b", 400, 1), word("c", 350, 0));
        recogniser.last().listener.finalResult(Shorthand.span(0, 300, "a b c", 0.9, 0, true, words));

        assertThat(all(Final.class))
                .extracting(Final::text, Final::startMillis, Final::endMillis)
                .containsExactly(tuple("a", 100L, 190L), tuple("b", 400L, 490L), tuple("c", 490L, 490L));
    }

    @Test
    void theSpeakersOfACallThatIsTakenOverAreOthers() {
        RecogniserSession session = unstarted(SessionOptions.DEFAULTS);
        session.resume(new CallResume(INFO, 0, 40, 0, false, 3, List.of(), List.of()), null);
        speak(session, 10);
        recogniser.last().says("a b", word("a", 0, 0), word("b", 100, 1));

        assertThat(all(Final.class)).extracting(Final::speaker).containsExactly(3, 4);
        recogniser.last().hearsNothing(190, 1000);
        hangUp(session);
        recogniser.last().listener.closed(null);
        assertThat(all(CallEnded.class)).extracting(CallEnded::speakers).containsExactly(5);
    }

    @Test
    void saysInWhichLanguageATurnIs() {
        RecogniserSession session = session();
        speak(session, 10);
        List<Word> words = List.of(
                new Word("good", "good", 0, 90, null, 0, "en"),
                new Word("guten", "guten", 100, 190, null, 1, "de"),
                new Word("day", "day", 200, 290, null, 1, "en"),
                new Word("tag", "tag", 300, 390, null, 1, "de"));
        recogniser
                .last()
                .listener
                .finalResult(new RecognisedSpan(0, 400, "good guten day tag", null, 0, true, "en", words));

        assertThat(all(Final.class)).extracting(Final::language).containsExactly("en", "de");
    }
}
