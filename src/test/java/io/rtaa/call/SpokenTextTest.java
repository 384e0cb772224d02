package io.rtaa.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpokenTextTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Hello, sir. Yes, please!   | Hello, sir. Yes, please! | 2 | Hello, sir.  | Yes, please!
            Hello, sir. Yes, please!   | hello sir yes please     | 2 | Hello, sir.  | Yes, please!
            Ja. ¿Qué tal?              | Ja Qué tal               | 1 | Ja.          | ¿Qué tal?
            He said "no". "Why?"       | he said no why           | 3 | He said "no". | "Why?"
            はい。「いいえ」            | はい いいえ              | 1 | はい。        | 「いいえ」
            はい、分かります。そうです   | はい 分かります そうです   | 2 | はい、分かります。 | そうです
            It is 25. Fine             | it is twenty five fine   | 4 | It is 25.    | Fine
            It is 25. Fine             | it is twenty five fine   | 3 | it is twenty | five fine
            no no no. no               | no no no no              | 3 | no no no.    | no
            """)
    void isCutBeforeAWord(String text, String words, int at, String before, String after) {
        SpokenText spoken = new SpokenText(text, words(words));
        int count = words.split(" ").length;

        assertThat(spoken.part(0, at)).isEqualTo(before);
        assertThat(spoken.part(at, count)).isEqualTo(after);
        assertThat(spoken.part(0, count)).isEqualTo(text);
        assertThat(spoken.part(at, at)).isEmpty();
    }

    private static List<Word> words(String words) {
        return Arrays.stream(words.split(" "))
                .map(word -> new Word(word, word, 0, 0, null, null))
                .toList();
    }

    @Test
    void knowsThePlacesOfTheWordsThatAreThere() {
        assertThat(new SpokenText("It is 25. Fine", words("it is twenty five fine")).places())
                .extracting(place -> place.word().text() + place.from())
                .containsExactly("it0", "is3", "fine10");
    }
}
