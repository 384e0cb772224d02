package io.rtaa.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ArrivalsTest {

    private final Arrivals arrivals = new Arrivals();

    private static String text(int call, int index) {
        return text(call, index, 1000, 0);
    }

    private static String text(int call, int index, long dueNanos, long waitMicros) {
        return new SpokenFinal(new Mark(call, index, dueNanos), waitMicros).text();
    }

    @Test
    void isCleanWhereEachWordOfEachCallCameOnce() {
        arrivals.take(text(1, 0), 2000);
        arrivals.take(text(2, 0), 2000);
        arrivals.take(text(1, 1), 2000);

        WordCount verdict = arrivals.verify(Map.of(1, 2, 2, 1));

        assertThat(verdict).isEqualTo(new WordCount(15, 0, 0, 0, 0)).matches(WordCount::isClean);
    }

    @Test
    void countsWordsThatNeverCame() {
        arrivals.take(text(1, 0), 2000);

        assertThat(arrivals.verify(Map.of(1, 3, 9, 1))).isEqualTo(new WordCount(20, 15, 0, 0, 0));
    }

    @Test
    void countsWordsThatCameAgainOrTooEarlyOrWereNeverSaid() {
        arrivals.take(text(1, 1), 2000);
        arrivals.take(text(1, 0), 2000);
        arrivals.take(text(1, 1), 2000);
        arrivals.take(text(1, 2), 2000);

        WordCount verdict = arrivals.verify(Map.of(1, 2));

        assertThat(verdict.doubled()).isEqualTo(5);
        assertThat(verdict.extra()).isEqualTo(5);
        assertThat(verdict.outOfOrder()).isEqualTo(9);
        assertThat(verdict.isClean()).isFalse();
    }

    @Test
    void timesFinalsThatWereDueInTheMeasuredTimeWithoutTheWaitForTheirWindow() {
        arrivals.measure(1_000_000, 2_000_000);

        arrivals.take(text(1, 0, 999_999, 0), 50_000_000);
        arrivals.take(text(1, 1, 1_000_000, 80), 1_000_000 + 100_000);
        arrivals.take(text(1, 2, 2_000_000, 0), 50_000_000);

        assertThat(arrivals.added().getTotalCount()).isEqualTo(1);
        assertThat(arrivals.added().getMaxValue()).isEqualTo(20);
        assertThat(arrivals.waits().getMaxValue()).isEqualTo(80);
    }
}
