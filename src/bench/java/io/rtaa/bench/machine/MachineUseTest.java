package io.rtaa.bench.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MachineUseTest {

    @Test
    void addsWhatProcessesUsedAndTellsWhatWasStolen() {
        MachineUse before = MachineUse.parse("cpu  100 10 50 9000 5 0 3 7 0 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n");
        MachineUse after = MachineUse.parse("cpu  160 12 58 9100 5 0 3 9 0 0\n");

        assertThat(before).isEqualTo(new MachineUse(1600, 70));
        assertThat(after.since(before)).isEqualTo(new MachineUse(700, 20));
    }
}
