package io.rtaa.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WordErrorRateTest {

    @Test
    void isZeroForTheSameWordsWhateverTheirCaseAndPunctuation() {
        assertThat(WordErrorRate.of("Good morning, don't go!", "good  morning dont go"))
                .isEqualTo(new WordErrorRate(0, 4));
        assertThat(WordErrorRate.of("Good bye.", "good-bye").errors()).isZero();
    }

    @Test
    void countsWordsReplacedLeftOutAndPutIn() {
        assertThat(WordErrorRate.of("a b c d", "a x c d").errors()).isEqualTo(1);
        assertThat(WordErrorRate.of("a b c d", "a c d").errors()).isEqualTo(1);
        assertThat(WordErrorRate.of("a b c d", "a b b c d").errors()).isEqualTo(1);
        assertThat(WordErrorRate.of("a b c d", "b c d e").errors()).isEqualTo(2);
    }

    @Test
    void isOneWhereNothingWasHeardAndMoreWhereMoreWasMadeUp() {
        assertThat(WordErrorRate.of("a b", "").rate()).isEqualTo(1);
        assertThat(WordErrorRate.of("a b", "x y z").rate()).isEqualTo(1.5);
    }

    @Test
    void saysWhatItCounted() {
        assertThat(WordErrorRate.of("a b c d e f g h", "a b c d e f g x"))
                .hasToString("WER 12.5 % (1 errors in 8 words)");
    }

    @Test
    void refusesAReferenceWithoutWords() {
        assertThatThrownBy(() -> WordErrorRate.of(" ... ", "a")).isInstanceOf(IllegalArgumentException.class);
    }
}
