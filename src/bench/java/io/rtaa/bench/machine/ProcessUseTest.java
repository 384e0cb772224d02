package io.rtaa.bench.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ProcessUseTest {

    @Test
    void addsUserAndSystemTimeBehindAnyName() {
        String stat = "4711 (a) b (java) S 1 4711 4711 0 -1 4194560 100 200 3 4 250 75 9000 9000 20 0 30 0 123 456 789";

        assertThat(ProcessUse.cpuMillis(stat)).isEqualTo(3250);
    }

    @Test
    void readsResidentMemory() {
        assertThat(ProcessUse.residentKib("Name:\tjava\nVmHWM:\t  200 kB\nVmRSS:\t  123456 kB\nThreads:\t9\n"))
                .isEqualTo(123_456);
        assertThatThrownBy(() -> ProcessUse.residentKib("Name:\tjava\n")).hasMessageContaining("VmRSS");
    }

    @Test
    void readsThisProcess() {
        long pid = ProcessHandle.current().pid();

        assertThat(ProcessUse.cpuMillis(pid)).isPositive();
        assertThat(ProcessUse.residentKib(pid)).isGreaterThan(1024);
    }
}
