package io.rtaa.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.Word;
import io.rtaa.testsupport.Shorthand;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class CueTest {

    private static final StreamId STREAM = new StreamId("acme", "call-1");

    private static Final said(String text, long startMillis, long endMillis, Word... words) {
        return Shorthand.finalOf(STREAM, 1, 0, text, 0.9, startMillis, endMillis, 0, null, true, List.of(words));
    }

    private static Word word(String text, long startMillis, long endMillis) {
        return new Word(text, text, startMillis, endMillis, 0.9, null);
    }

    private static List<String> times(TranscriptEvent... transcript) {
        return Cue.of(List.of(transcript)).stream()
                .map(cue -> cue.startMillis() + "-" + cue.endMillis())
                .toList();
    }

    private static List<List<String>> lines(TranscriptEvent... transcript) {
        return Cue.of(List.of(transcript)).stream().map(Cue::lines).toList();
    }

    @Test
    void aCueOfAWordOrTwoStaysForASecondWhereThereIsRoom() {
        Final yes = said("Yes", 1000, 1120, word("Yes", 1000, 1120));
        Final wellThen = said("well then", 5000, 5600, word("well", 5000, 5300), word("then", 5300, 5600));
        assertThat(times(yes, wellThen)).containsExactly("1000-2000", "5000-6000");

        assertThat(times(yes, said("no", 1500, 1600)))
                .as("until the next one")
                .containsExactly("1000-1500", "1500-2500");
        assertThat(times(yes, said("no", 1050, 1600))).as("no room").containsExactly("1000-1120", "1050-2050");
        assertThat(times(said("a long word", 0, 300))).as("three words").containsExactly("0-300");
        assertThat(times(said("slowly", 0, 1700))).as("longer by itself").containsExactly("0-1700");
    }

    @Test
    void textWithoutSpacesReadsAsItDoesInTheFinal() {
        Final japanese = said(
                "今日はいい天気ですね。",
                100,
                1600,
                word("今日", 100, 400),
                word("は", 400, 500),
                word("いい", 500, 800),
                word("天気", 800, 1200),
                word("ですね。", 1200, 1600));

        assertThat(lines(japanese)).containsExactly(List.of("今日はいい天気ですね。"));
        assertThat(times(japanese)).containsExactly("100-1600");
    }

    @Test
    void longTextWithoutSpacesIsCutIntoCuesOfTwoLines() {
        String text = "长长的一句没有空格的话".repeat(6);

        List<Cue> cues = Cue.of(List.of(said(text, 1600, 4000)));

        assertThat(cues).hasSizeGreaterThan(1);
        assertThat(String.join(
                        "", cues.stream().flatMap(cue -> cue.lines().stream()).toList()))
                .isEqualTo(text);
        assertThat(cues).allSatisfy(cue -> {
            assertThat(cue.lines()).hasSizeLessThanOrEqualTo(Cue.MAX_LINES);
            assertThat(cue.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(21));
        });
        assertThat(cues.get(0).startMillis()).isEqualTo(1600);
        assertThat(cues.get(cues.size() - 1).endMillis()).isGreaterThanOrEqualTo(4000);
    }

    @Test
    void aCueBreaksBetweenTheWordsThatTheRecogniserTells() {
        String word = "天気予報";
        Word[] words = new Word[12];
        for (int i = 0; i < words.length; i++) {
            words[i] = word(word, i * 1000L, i * 1000L + 900);
        }

        assertThat(lines(said(word.repeat(12), 0, 12_000, words)))
                .containsExactly(List.of(word.repeat(5), word.repeat(2)), List.of(word.repeat(5)));
        assertThat(times(said(word.repeat(12), 0, 12_000, words))).containsExactly("0-6900", "7000-11900");
    }

    @Test
    void aTextIsShownAsItIsWhereItsWordsAreSpeltOtherwise() {
        Final price = said(
                "That is $20, please.",
                0,
                3000,
                word("That", 0, 300),
                word("is", 300, 500),
                word("twenty", 500, 1000),
                word("dollars", 1000, 1500),
                word("please.", 2000, 2400));

        assertThat(lines(price)).containsExactly(List.of("That is $20, please."));
        assertThat(times(price)).containsExactly("0-2400");
    }

    @Property(tries = 300)
    void noSignIsLostOrAdded(
            @ForAll @StringLength(max = 300) @CharRange(from = 'a', to = 'e') String latin,
            @ForAll @StringLength(max = 120) @CharRange(from = '\u3041', to = '\u3050') String kana) {
        String text = (latin.replace('e', ' ') + kana + " " + latin.replace('a', ' ')).strip();

        List<Cue> cues = Cue.of(List.of(said(text, 0, 9000)));

        assertThat(String.join(
                                "",
                                cues.stream()
                                        .flatMap(cue -> cue.lines().stream())
                                        .toList())
                        .replace(" ", ""))
                .isEqualTo(text.replaceAll("\\s+", ""));
        long at = 0;
        for (Cue cue : cues) {
            assertThat(cue.startMillis()).isGreaterThanOrEqualTo(at);
            assertThat(cue.endMillis()).isGreaterThan(cue.startMillis());
            at = cue.startMillis();
        }
    }
}
