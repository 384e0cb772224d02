package io.rtaa.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptTest {

    @ParameterizedTest
    @ValueSource(ints = {20, 100})
    void countsAsManyFinalsAsFramesCompleteThem(int frameMillis) {
        Script script = new Script(frameMillis);
        for (int call = 1; call < 150; call++) {
            int completed = 0;
            for (long frame = 0; frame < 500; frame++) {
                assertThat(script.finalsIn(call, frame)).isEqualTo(completed);
                completed += script.completesFinal(call, frame) ? 1 : 0;
            }
        }
    }

    @Test
    void callsCompleteTheirFinalsAtDifferentFramesOfAWindow() {
        Script script = new Script(20);
        Set<Long> placesInWindow = new HashSet<>();
        for (int call = 0; call < 5; call++) {
            int each = call;
            placesInWindow.add(LongStream.range(0, 200)
                            .filter(frame -> script.completesFinal(each, frame))
                            .findFirst()
                            .orElseThrow()
                    % 5);
        }
        assertThat(placesInWindow).hasSize(5);
    }

    @Test
    void takesFramesOnlyThatFitBetweenFinals() {
        assertThatThrownBy(() -> new Script(30)).hasMessageContaining("30 ms").hasMessageContaining("2000");
        assertThat(new Script(20).frameBytes()).isEqualTo(320);
        assertThat(new Script(100).frameNanos()).isEqualTo(100_000_000);
    }
}
