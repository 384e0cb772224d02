package io.rtaa.asr.sphinx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SphinxOptionsTest {

    @Test
    void leavesACoreToTheRestOfTheService() {
        int cores = Runtime.getRuntime().availableProcessors();

        assertThat(SphinxOptions.defaults().workers()).isPositive().isLessThanOrEqualTo(Math.max(1, cores - 1));
    }

    @Test
    void takesSoManyCallsForEachWorker() {
        assertThat(new SphinxOptions(3, 2, SphinxOptions.DEFAULT_BACKLOG).maxCalls())
                .isEqualTo(6);
    }

    @Test
    void saysWhatIsWrongAndWhatIsAllowed() {
        assertThatThrownBy(() -> new SphinxOptions(0, 2, SphinxOptions.DEFAULT_BACKLOG))
                .hasMessage("embedded recogniser: workers is 0; allowed: 1 to 32");
        assertThatThrownBy(() -> new SphinxOptions(1, 9, SphinxOptions.DEFAULT_BACKLOG))
                .hasMessage("embedded recogniser: callsPerWorker is 9; allowed: 1 to 8");
        assertThatThrownBy(() -> new SphinxOptions(1, 2, Duration.ofSeconds(1)))
                .hasMessage("embedded recogniser: maxBacklog is PT1S; allowed: PT20S to PT10M");
    }
}
