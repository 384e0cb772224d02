package io.rtaa.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class HistogramsTest {

    @Test
    void areReadAsTheyWereWritten() {
        Histogram histogram = new Histogram(1_000_000, 3);
        histogram.recordValue(7);
        histogram.recordValueWithCount(123_456, 1000);

        assertThat(Histograms.read(Histograms.write(histogram))).isEqualTo(histogram);
    }
}
