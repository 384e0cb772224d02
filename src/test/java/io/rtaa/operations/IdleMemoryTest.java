package io.rtaa.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IdleMemoryTest {

    private final FakeMemory memory = new FakeMemory();
    private final IdleMemory idle = new IdleMemory(memory);

    @Test
    void whatWasQuietForAWholeIntervalGivesBackOnce() {
        idle.look();
        assertThat(memory.givenBack).isZero();

        for (int i = 0; i < 5; i++) {
            memory.usedBytes += IdleMemory.IDLE_BYTES;
            idle.look();
        }

        assertThat(memory.givenBack).isEqualTo(1);
    }

    @Test
    void whoAllocatesIsNotIdle() {
        for (int i = 0; i < 5; i++) {
            memory.usedBytes += IdleMemory.IDLE_BYTES + 1;
            idle.look();
        }

        assertThat(memory.givenBack).isZero();
    }

    @Test
    void whoCollectedInBetweenIsNotIdleHoweverLittleIsLeft() {
        for (int i = 0; i < 5; i++) {
            memory.collections++;
            memory.usedBytes = 1;
            idle.look();
        }

        assertThat(memory.givenBack).isZero();
    }

    @Test
    void givesBackAgainAfterTheCollectorHadSomethingToDo() {
        idle.look();
        idle.look();
        memory.collections += IdleMemory.WORTH_COLLECTIONS - 1;
        idle.look();
        idle.look();
        assertThat(memory.givenBack).isEqualTo(1);

        memory.collections++;
        idle.look();
        idle.look();

        assertThat(memory.givenBack).isEqualTo(2);
    }

    @Test
    void whatFailsIsNotTriedAgainAtOnce() {
        memory.failure = new IllegalArgumentException("no such option");
        idle.look();
        assertThatThrownBy(idle::look).isSameAs(memory.failure);

        idle.look();

        assertThat(memory.givenBack).isEqualTo(1);
    }

    @Test
    void thisJvmCollectsAndKeepsItsOptions() {
        HotSpotDiagnosticMXBean options = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        String most = options.getVMOption("MaxHeapFreeRatio").getValue();
        String least = options.getVMOption("MinHeapFreeRatio").getValue();
        IdleMemory.ThisJvm jvm = new IdleMemory.ThisJvm();
        long before = jvm.collections();

        jvm.giveBack();

        assertThat(jvm.collections()).isGreaterThan(before);
        assertThat(options.getVMOption("MaxHeapFreeRatio").getValue()).isEqualTo(most);
        assertThat(options.getVMOption("MinHeapFreeRatio").getValue()).isEqualTo(least);
    }

    private static final class FakeMemory implements IdleMemory.Memory {
        long usedBytes;
        long collections = 3;
        int givenBack;

        @Nullable
        RuntimeException failure;

        @Override
        public long usedBytes() {
            return usedBytes;
        }

        @Override
        public long collections() {
            return collections;
        }

        @Override
        public void giveBack() {
            givenBack++;
            if (failure != null) {
                throw failure;
            }
            collections++;
        }
    }
}
