package io.rtaa.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhasesTest {

    private static final long FRAME_NANOS = 20_000_000;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 200, 1000})
    void callsShareAFramesTimeEvenly(int calls) {
        long[] sorted = IntStream.range(0, calls)
                .mapToLong(call -> Phases.nanos(call, calls, FRAME_NANOS))
                .sorted()
                .toArray();

        for (int i = 0; i < calls; i++) {
            assertThat(sorted[i]).isEqualTo(i * FRAME_NANOS / calls);
        }
    }
}
