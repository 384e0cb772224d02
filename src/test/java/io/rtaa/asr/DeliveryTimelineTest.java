package io.rtaa.asr;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DeliveryTimelineTest {

    private final DeliveryTimeline timeline = new DeliveryTimeline(8000);

    @Test
    void countsFromWhereTheConnectionBegan() {
        timeline.delivered(80_000, 8000);
        timeline.delivered(88_000, 8000);
        assertThat(timeline.startSample(0)).isEqualTo(80_000);
        assertThat(timeline.startSample(1500)).isEqualTo(92_000);
        assertThat(timeline.endSample(2000)).isEqualTo(96_000);
    }

    @Test
    void jumpsWhatWasNeverDelivered() {
        timeline.delivered(0, 8000);
        timeline.delivered(16_000, 8000);
        assertThat(timeline.endSample(1000))
                .as("an end at the hole lies before it")
                .isEqualTo(8000);
        assertThat(timeline.startSample(1000))
                .as("a start at the hole lies behind it")
                .isEqualTo(16_000);
        assertThat(timeline.startSample(1500)).isEqualTo(20_000);
    }

    @Test
    void neverPointsPastWhatWasDelivered() {
        timeline.delivered(0, 8000);
        assertThat(timeline.startSample(5000)).isEqualTo(8000);
        assertThat(timeline.endSample(5000)).isEqualTo(8000);
        assertThat(new DeliveryTimeline(8000).endSample(100)).isZero();
    }

    @Test
    void forgetsWhatIsFinalButStaysTrue() {
        timeline.delivered(0, 8000);
        timeline.delivered(16_000, 8000);
        timeline.delivered(40_000, 8000);
        timeline.forgetBefore(24_001);
        assertThat(timeline.startSample(2500)).isEqualTo(44_000);
    }
}
