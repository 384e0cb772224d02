package io.rtaa.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class MediansTest {

    private static final Offset<Double> EXACTLY = Offset.offset(1e-9);

    private static List<Turn> turns(double... costs) {
        return java.util.Arrays.stream(costs)
                .mapToObj(cost -> new TurnFixture().cost(cost).turn())
                .toList();
    }

    @Test
    void theMiddleOfAnOddNumberAndBetweenTheMiddleTwoOfAnEvenOne() {
        assertThat(Medians.of(List.of(9.0, 1.0, 2.0))).isEqualTo(2);
        assertThat(Medians.of(List.of(9.0, 1.0, 2.0, 3.0))).isEqualTo(2.5);
        assertThatThrownBy(() -> Medians.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ratiosAreTakenPairByPairSoThatADriftOfBothDoesNotCount() {
        // The machine gets slower and slower; rtaa costs a fifth more each time but for one stray.
        assertThat(Medians.ofRatios(turns(1.2, 2.4, 9.0, 4.8, 6.0), turns(1, 2, 3, 4, 5)))
                .isEqualTo(1.2, EXACTLY);
        assertThatThrownBy(() -> Medians.ofRatios(turns(1), turns(1, 2))).hasMessageContaining("1 turns beside 2");
    }
}
