package io.rtaa.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.testsupport.Shorthand;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TranscriptProgressTest {

    private static final StreamId STREAM = new StreamId("acme", "s1");
    private static final CallInfo INFO = new CallInfo(STREAM, null, "s1", null, null, 8000, 0);

    private final TranscriptProgress progress = TranscriptProgress.of(new CallStarted(INFO, 1, 0));

    @Test
    void beginsWithTheOldestAudioThereIsWhereNothingIsPublished() {
        CallResume resume = progress.resume(8000);

        assertThat(resume).isEqualTo(new CallResume(INFO, 8000, 1, 0, false, 0, List.of(), List.of()));
    }

    @Test
    void hearsTheLastTwoWordsOnceMoreAndNothingBeforeThem() {
        progress.add(said(2, false, word(0), word(1000), word(2000)));

        CallResume resume = progress.resume(0);

        assertThat(resume.acknowledgedSamples()).isEqualTo((1000 - 150) * 8);
        assertThat(resume.published()).extracting(Word::startMillis).containsExactly(0L, 1000L, 2000L);
        assertThat(resume.lastFinalEndMillis()).isEqualTo(2400);
        assertThat(resume.utteranceOpen()).isTrue();
        assertThat(resume.lastSeq()).isEqualTo(2);
    }

    @Test
    void knowsHowManyNumbersItsSpeakersWereGivenInEveryLeg() {
        CallInfo following = INFO.following(new CallInfo.Before(60_000, 40, 2));
        TranscriptProgress later = TranscriptProgress.of(new CallStarted(following, 100, 5));

        assertThat(later.resume(0).speakers()).isEqualTo(2);
        later.add(new Final(STREAM, 101, 0, "a", null, 0, 100, 0, 3, 5, null, true, List.of()));
        later.add(Shorthand.finalOf(STREAM, 102, 0, "b", null, 100, 200, 0, null, true, List.of()));
        assertThat(later.resume(0).speakers()).isEqualTo(5);
    }

    @Test
    void countsTheSamplesOfTheLegAlone() {
        CallInfo following =
                new CallInfo(STREAM, null, null, null, null, 8000, 5).following(new CallInfo.Before(60_000, 40));
        TranscriptProgress later = TranscriptProgress.of(new CallStarted(following, 100, 5));

        assertThat(later.resume(0).acknowledgedSamples()).isZero();
        later.add(said(101, true, word(61_000), word(62_000), word(63_000)));
        assertThat(later.resume(0).acknowledgedSamples()).isEqualTo((2000 - 150) * 8);
        assertThat(later.resume(0).lastFinalEndMillis()).isEqualTo(63_400);
    }

    @Test
    void doesNotGoBackBehindTheAudioThereIs() {
        progress.add(said(2, true, word(0), word(1000), word(2000)));

        assertThat(progress.resume(16_500).acknowledgedSamples()).isEqualTo(16_500);
        assertThat(progress.resume(16_500).utteranceOpen()).isFalse();
    }

    @Test
    void doesNotGoBackBehindALossThatWasTold() {
        progress.add(said(2, true, word(0), word(1000)));
        progress.add(new Gap(STREAM, 3, 0, 1400, 9000, "no room"));

        assertThat(progress.resume(0).acknowledgedSamples()).isEqualTo(9000 * 8);
    }

    @Test
    void hearsWhatWasSaidBeforeALossThatWasToldEarly() {
        progress.add(said(2, true, word(0), word(1000), word(2000)));
        Gap early = new Gap(STREAM, 3, 0, 8000, 9000, "missing");
        progress.add(early);

        CallResume resume = progress.resume(0);
        assertThat(resume.acknowledgedSamples()).isEqualTo((1000 - 150) * 8);
        assertThat(resume.gaps()).containsExactly(early);

        progress.add(said(4, true, word(7000), word(7600)));
        assertThat(progress.resume(0).acknowledgedSamples()).isEqualTo(9000 * 8);

        progress.add(said(5, true, word(9100), word(9600)));
        assertThat(progress.resume(0).gaps()).isEmpty();
    }

    @Test
    void remembersAsManyWordsAsASessionNeeds() {
        for (int i = 0; i < 20; i++) {
            progress.add(said(2 + i, true, word(i * 500L)));
        }

        long end = 19 * 500 + 400;
        assertThat(progress.resume(0).published())
                .hasSize(9)
                .allSatisfy(word ->
                        assertThat(word.endMillis()).isGreaterThanOrEqualTo(end - CallResume.WORDS_BACK_MILLIS));
    }

    @Test
    void takesNoEventTwice() {
        progress.add(said(2, true, word(0)));
        progress.add(said(2, true, word(0)));
        progress.add(said(1, true, word(1000)));

        assertThat(progress.resume(0).published()).hasSize(1);
        assertThat(progress.lastSeq()).isEqualTo(2);
    }

    @Test
    void isOverWithTheEndOfTheCall() {
        assertThat(progress.isOver()).isFalse();
        progress.add(Shorthand.ended(STREAM, 2, 0, EndReason.CALLENDED, 1000));
        assertThat(progress.isOver()).isTrue();
    }

    private static Final said(long seq, boolean utteranceEnd, Word... words) {
        return Shorthand.finalOf(
                STREAM,
                seq,
                0,
                "text",
                null,
                words[0].startMillis(),
                words[words.length - 1].endMillis(),
                0,
                null,
                utteranceEnd,
                Arrays.asList(words));
    }

    private static Word word(long startMillis) {
        return new Word("w" + startMillis, "w" + startMillis, startMillis, startMillis + 400, null, null);
    }
}
