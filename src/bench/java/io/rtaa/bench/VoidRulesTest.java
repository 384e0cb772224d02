package io.rtaa.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.bench.load.WordCount;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class VoidRulesTest {

    private static final WordCount WORDS_LOST = new WordCount(10, 5, 0, 0, 0);

    private final VoidRules rules = new VoidRules(Duration.ofMillis(20), 5);

    @Test
    void aTurnCountsWhereNothingDisturbedIt() {
        assertThat(rules.of(
                        new TurnFixture().lateMicros(19_000).foreignPercent(4.9).turn()))
                .isEmpty();
    }

    @Test
    void aLateGeneratorVoidsATurn() {
        assertThat(rules.of(new TurnFixture().lateMicros(21_000).turn()))
                .singleElement()
                .asString()
                .contains("generator was late")
                .contains("21.0 ms");
    }

    @Test
    void whoeverElseUsesTheMachineVoidsATurn() {
        assertThat(rules.of(
                        new TurnFixture().foreignPercent(5.1).stolenPercent(2.1).turn()))
                .hasSize(2);
    }

    @Test
    void aPairThatOthersDisturbedMayBeRepeated() {
        Turn good = new TurnFixture().turn();
        Turn disturbed = new TurnFixture().foreignPercent(5.1).turn();

        assertThat(rules.mayBeRepeated(List.of(good, disturbed))).isTrue();
        assertThat(rules.mayBeRepeated(List.of(good, good))).isFalse();
    }

    @Test
    void whatRtaaMayHaveDoneIsNotThrownAwayWithWhatOthersDid() {
        Turn disturbed = new TurnFixture().stolenPercent(2.1).turn();

        assertThat(rules.mayBeRepeated(
                        List.of(disturbed, new TurnFixture().verdict(WORDS_LOST).turn())))
                .isFalse();
        assertThat(rules.mayBeRepeated(List.of(
                        disturbed, new TurnFixture().faults("call 7: closed").turn())))
                .isFalse();
        assertThat(rules.mayBeRepeated(
                        List.of(disturbed, new TurnFixture().lateMicros(21_000).turn())))
                .isFalse();
    }

    @Test
    void wordsThatRtaaLosesAreAResult() {
        assertThat(rules.of(new TurnFixture().verdict(WORDS_LOST).turn())).isEmpty();
    }

    @Test
    void aBaselineFarAboveItsReferenceVoidsARun() {
        List<Turn> turns = List.of(new TurnFixture().turn());

        assertThat(rules.ofBaseline(1.14, OptionalDouble.of(1), turns)).isEmpty();
        assertThat(rules.ofBaseline(1.16, OptionalDouble.of(1), turns))
                .singleElement()
                .asString()
                .contains("1.16")
                .contains("1.00");
        assertThat(rules.ofBaseline(9, OptionalDouble.empty(), turns)).isEmpty();
    }

    @Test
    void aBaselineThatLosesWordsOrCallsVoidsARun() {
        List<Turn> turns = List.of(
                new TurnFixture().verdict(WORDS_LOST).turn(),
                new TurnFixture().faults("call 7: closed").turn());

        assertThat(rules.ofBaseline(1, OptionalDouble.empty(), turns)).hasSize(2);
    }
}
