package io.rtaa.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpokenFinalTest {

    private final SpokenFinal spoken = new SpokenFinal(new Mark(12, 3, 99_000_000_001L), 80_000);

    @Test
    void saysItsWordsAndWhenItWasDue() {
        assertThat(spoken.text()).isEqualTo("12.3.0 12.3.1 12.3.2 12.3.3 12.3.4@99000000001+80000");
    }

    @Test
    void itsWordsAreReadAsTheyWereSaid() {
        assertThat(SpokenFinal.Word.parse(spoken.word(0))).isEqualTo(new SpokenFinal.Word(12, 3, 0, null));
        assertThat(SpokenFinal.Word.parse(spoken.word(4))).isEqualTo(new SpokenFinal.Word(12, 3, 4, spoken));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "1.2", "1.2.x", "1.2.3@4", "1.2.3@4+"})
    void nothingElseIsTakenForAWord(String token) {
        assertThatThrownBy(() -> SpokenFinal.Word.parse(token)).isInstanceOf(IllegalArgumentException.class);
    }
}
