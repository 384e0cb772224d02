package io.rtaa.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.Gap;
import java.util.List;
import org.junit.jupiter.api.Test;

class TouchingGapsTest {

    private final Events call = Events.of("t", "a", 0);

    private static Gap gap(long seq, long startMillis, long endMillis, String reason) {
        return new Gap(new StreamId("t", "a"), seq, 0, startMillis, endMillis, reason);
    }

    private static List<Gap> gaps(TranscriptEvent... lines) {
        return TouchingGaps.joined(List.of(lines)).stream()
                .filter(Gap.class::isInstance)
                .map(Gap.class::cast)
                .toList();
    }

    @Test
    void gapsThatTouchOrOverlapAreOneInWhicheverOrderTheyCame() {
        assertThat(gaps(
                        gap(1, 2000, 3000, "b"),
                        gap(2, 1000, 2000, "a"),
                        call.utteranceEnd(3),
                        gap(4, 2500, 4000, "b"),
                        gap(5, 4001, 5000, "c")))
                .extracting(Gap::startMillis, Gap::endMillis, Gap::reason)
                .containsExactly(tuple(1000L, 4000L, "b; a"), tuple(4001L, 5000L, "c"));
    }

    @Test
    void wordsBetweenKeepThemApart() {
        assertThat(gaps(gap(1, 0, 1000, "a"), call.said(2, "Yes."), gap(3, 1000, 2000, "a")))
                .hasSize(2);
    }
}
