package io.rtaa.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.bench.load.Script;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoadTest {

    @Test
    void theFirstCallLastsThroughTheMeasurementAndTheLastOneHasSettledBefore() {
        Load load = Load.steady(1000, new Script(20), Duration.ofSeconds(20));

        assertThat(load.ramp()).isEqualTo(Duration.ofSeconds(5));
        assertThat(Duration.ofMillis(20 * load.frames()))
                .isGreaterThan(load.measuredAfter().plus(load.measured()));
        assertThat(load.callSeconds()).isEqualTo(20_000);
        assertThat(load.framesASecond()).isEqualTo(50_000);
        assertThat(load.measuredAfter()).isGreaterThan(load.ramp());
    }

    @Test
    void aRisingLoadIsMeasuredFromItsFirstCallUntilItsLastOneHasSpoken() {
        Load load = Load.rising(600, new Script(20), Duration.ofMinutes(1));

        assertThat(load.measuredAfter()).isZero();
        assertThat(load.measured()).isGreaterThan(load.ramp());
        assertThat(Duration.ofMillis(20 * load.frames())).isGreaterThanOrEqualTo(load.measured());
        assertThat(load.callSeconds()).isEqualTo(600 * 33);
    }
}
