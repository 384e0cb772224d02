package io.rtaa.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.bench.SoakVerdict.Sample;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SoakVerdictTest {

    private static List<Sample> quarters(Sample first, Sample second, Sample third, Sample fourth) {
        return Stream.of(first, first, second, second, third, third, fourth, fourth)
                .toList();
    }

    @Test
    void whatGrewInTheFirstHalfDoesNotCount() {
        assertThat(SoakVerdict.growth(
                        quarters(new Sample(100, 1), new Sample(200, 2), new Sample(300, 3), new Sample(310, 5))))
                .isEmpty();
    }

    @Test
    void memoryThatStillGrowsAtTheEndIsTold() {
        assertThat(SoakVerdict.growth(
                        quarters(new Sample(300, 1), new Sample(300, 1), new Sample(300, 1), new Sample(320, 1))))
                .singleElement()
                .asString()
                .contains("resident memory grew from 300 to 320 KiB");
    }

    @Test
    void lagThatStillGrowsAtTheEndIsTold() {
        assertThat(SoakVerdict.growth(
                        quarters(new Sample(300, 5), new Sample(300, 5), new Sample(300, 15), new Sample(300, 31))))
                .singleElement()
                .asString()
                .contains("p99 grew from 15.0 to 31.0 ms");
    }
}
