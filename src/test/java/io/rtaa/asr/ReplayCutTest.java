package io.rtaa.asr;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.TranscriptProgress;
import io.rtaa.call.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ReplayCutTest {

    private static Word word(String text, long startMillis, long endMillis) {
        return new Word(text, text, startMillis, endMillis, null, null);
    }

    private static ReplayCut cutFrom(long millis, List<Word> published) {
        return new ReplayCut(published, millis);
    }

    private static List<String> texts(List<Word> words) {
        return words.stream().map(Word::word).toList();
    }

    @Test
    void dropsWhatWasPublishedAndKeepsWhatFollows() {
        ReplayCut cut = cutFrom(850, List.of(word("good", 1000, 1300), word("morning", 1350, 1800)));
        List<Word> fresh =
                cut.unpublished(List.of(word("morning", 1390, 1860), word("how", 1900, 2050), word("are", 2050, 2200)));
        assertThat(texts(fresh)).containsExactly("how", "are");
    }

    @Test
    void keepsAShortNewWordThatMovedIntoThePublishedOnesTime() {
        ReplayCut cut = cutFrom(850, List.of(word("i", 1000, 1100)));
        List<Word> fresh = cut.unpublished(List.of(word("i", 940, 1010), word("am", 1010, 1080)));
        assertThat(texts(fresh)).containsExactly("am");
    }

    @Test
    void tellsRepeatedWordsApartByTheirOrder() {
        ReplayCut cut = cutFrom(750, List.of(word("no", 900, 1100), word("no", 1200, 1400), word("no", 1580, 1780)));
        List<Word> fresh = cut.unpublished(
                List.of(word("no", 950, 1150), word("no", 1250, 1450), word("no", 1420, 1620), word("no", 1720, 1920)));
        assertThat(texts(fresh)).containsExactly("no");
    }

    @Test
    void takesAWordThatWasHeardDifferentlyForTheSame() {
        ReplayCut cut = cutFrom(850, List.of(word("order", 1000, 1400), word("number", 1450, 1800)));
        List<Word> fresh = cut.unpublished(
                List.of(word("order", 1010, 1390), word("lumber", 1440, 1790), word("seven", 1850, 2100)));
        assertThat(texts(fresh)).containsExactly("seven");
    }

    @Test
    void goesOnAcrossSeveralFinals() {
        ReplayCut cut = cutFrom(850, List.of(word("a", 1000, 1200), word("b", 1300, 1500), word("c", 1600, 1800)));
        assertThat(cut.unpublished(List.of(word("a", 1000, 1200), word("b", 1310, 1490))))
                .isEmpty();
        assertThat(texts(cut.unpublished(List.of(word("c", 1570, 1790), word("d", 1850, 2000)))))
                .containsExactly("d");
        assertThat(texts(cut.unpublished(List.of(word("e", 2900, 3000))))).containsExactly("e");
        assertThat(cut.isPassed()).isTrue();
    }

    @Test
    void wordsOfAPartialAreNotCountedAsHeard() {
        ReplayCut cut = cutFrom(850, List.of(word("a", 1000, 1200), word("b", 1300, 1500)));
        List<Word> words = List.of(word("a", 1000, 1200), word("b", 1310, 1490), word("c", 1600, 1700));
        assertThat(texts(cut.unpublishedSoFar(words))).containsExactly("c");
        assertThat(texts(cut.unpublished(words))).containsExactly("c");
    }

    @Test
    void everythingIsNewWhereNothingWasPublished() {
        ReplayCut cut = cutFrom(0, List.of());
        assertThat(texts(cut.unpublished(List.of(word("hello", 0, 300))))).containsExactly("hello");
        assertThat(cut.isPassed()).isTrue();
    }

    @Test
    void aNewWordAmongItsLikesIsNotTakenForOneFromBeforeTheReplay() {
        ReplayCut cut = cutFrom(1000, List.of(word("no", 780, 940), word("no", 1080, 1240), word("no", 1240, 1400)));
        List<Word> fresh =
                cut.unpublished(List.of(word("no", 1000, 1160), word("no", 1160, 1320), word("no", 1320, 1480)));
        assertThat(texts(fresh)).containsExactly("no");
    }

    /** Two hearings, each with jitter of its own; the second starts where a session would have it, and is cut anywhere. */
    @Property(tries = 2000)
    void everyWordIsThereOnceWhateverTheJitter(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int publishedCount) {
        Random random = new Random(seed);
        List<Word> truth = new ArrayList<>();
        long at = 500;
        for (int i = 0; i < 20; i++) {
            long length = 160L + random.nextInt(400);
            // Only three different words, so that neighbours are often alike.
            truth.add(word("w" + random.nextInt(3), at, at + length));
            at += length + random.nextInt(200);
        }
        List<Word> first = jittered(truth, 80, random);
        List<Word> second = jittered(truth, 80, random);
        long fromMillis = Math.max(
                0,
                first.get(Math.max(0, publishedCount - 2 - random.nextInt(3))).startMillis()
                        - TranscriptProgress.REPLAY_LEAD_MILLIS);
        int replayFrom = 0;
        while (truth.get(replayFrom).midpointMillis() < fromMillis) {
            replayFrom++;
        }

        ReplayCut cut = cutFrom(fromMillis, first.subList(0, publishedCount));
        List<String> all = new ArrayList<>(texts(first.subList(0, publishedCount)));
        for (int i = replayFrom; i < second.size(); ) {
            int next = Math.min(second.size(), i + random.nextInt(5));
            all.addAll(texts(cut.unpublished(second.subList(i, next))));
            i = Math.max(next, i);
        }
        assertThat(all).isEqualTo(texts(truth));
    }

    /**
     * A route of the process before may have masked what it published. Only times tell such words apart, so that two
     * hearings of one may differ by half of the shortest word, no more.
     */
    @Property(tries = 2000)
    void everyWordIsThereOnceAlsoWhereTheLastOnesAreMasked(
            @ForAll long seed, @ForAll @IntRange(min = 3, max = 12) int publishedCount) {
        Random random = new Random(seed);
        List<Word> truth = new ArrayList<>();
        long at = 500;
        for (int i = 0; i < 20; i++) {
            long length = 160L + random.nextInt(400);
            truth.add(word("w" + i, at, at + length));
            at += length + random.nextInt(200);
        }
        List<Word> published = jittered(truth, 40, random).subList(0, publishedCount);
        List<Word> again = jittered(truth, 40, random);
        int from = publishedCount - 2;
        long fromMillis = published.get(from).startMillis() - TranscriptProgress.REPLAY_LEAD_MILLIS;
        while (from > 0 && truth.get(from - 1).midpointMillis() >= fromMillis) {
            from--;
        }

        ReplayCut cut = cutFrom(fromMillis, published.stream().map(Word::masked).toList());

        assertThat(texts(cut.unpublished(again.subList(from, again.size()))))
                .isEqualTo(texts(truth.subList(publishedCount, truth.size())));
    }

    private static List<Word> jittered(List<Word> words, int atMostMillis, Random random) {
        return words.stream()
                .map(word -> {
                    long shift = random.nextInt(2 * atMostMillis + 1) - (long) atMostMillis;
                    return word(word.word(), word.startMillis() + shift, word.endMillis() + shift);
                })
                .toList();
    }
}
