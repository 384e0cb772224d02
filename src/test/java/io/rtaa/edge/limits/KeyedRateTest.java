package io.rtaa.edge.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Rates by key, by a clock of the test's. */
class KeyedRateTest {

    private static final Duration REFILL = Duration.ofSeconds(10);

    private long now = 5_000_000_000L;

    private final TimeMeter clock = new TimeMeter() {
        @Override
        public long currentTimeNanos() {
            return now;
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    };

    @Test
    void aKeyHasSoManyAtOnceAndAsManyAgainWhileTheTimePasses() {
        KeyedRate rate = new KeyedRate(10, REFILL, clock);
        for (int i = 0; i < 10; i++) {
            assertThat(rate.take("a")).isZero();
        }
        assertThat(rate.take("a")).isEqualTo(Duration.ofSeconds(1));
        assertThat(rate.take("b")).as("another key").isZero();
        now += Duration.ofSeconds(1).toNanos();
        assertThat(rate.take("a")).isZero();
        assertThat(rate.take("a")).isPositive();
    }

    @Test
    void whoeverRetriesAllTheTimeGetsNoMoreThanWhoWaits() {
        KeyedRate rate = new KeyedRate(10, REFILL, clock);
        int taken = 0;
        for (int i = 0; i < 1000; i++) {
            taken += rate.take("a").isZero() ? 1 : 0;
            now += Duration.ofMillis(10).toNanos();
        }
        assertThat(taken).isBetween(19, 20);
    }

    @Test
    void whatIsGivenBackDoesNotCount() {
        KeyedRate rate = new KeyedRate(1, REFILL, clock);
        assertThat(rate.take("a")).isZero();
        rate.giveBack("a");
        assertThat(rate.take("a")).isZero();
        assertThat(rate.take("a")).isEqualTo(REFILL);
    }

    @Test
    void zeroIsAnyNumberAndRemembersNobody() {
        KeyedRate rate = new KeyedRate(0, REFILL, clock);
        for (int i = 0; i < 1000; i++) {
            assertThat(rate.take("a")).isZero();
        }
        assertThat(rate.size()).isZero();
    }

    @Test
    void rememberedKeysAreBoundedAndOneThatIsUsedIsNotForgotten() {
        KeyedRate rate = new KeyedRate(1, REFILL, clock);
        assertThat(rate.take("attacker")).isZero();
        for (int other = 0; other < 5 * KeyedRate.MAX_KEYS; other++) {
            rate.take("other-" + other);
            if (other % (KeyedRate.MAX_KEYS - 1) == 0) {
                assertThat(rate.take("attacker")).isPositive();
            }
        }
        assertThat(rate.size()).isEqualTo(KeyedRate.MAX_KEYS);
    }

    @Test
    void countsOfKeysThatHaveNothingAreNotRemembered() {
        KeyedCount count = new KeyedCount(2);
        assertThat(count.tryTake("a")).isTrue();
        assertThat(count.tryTake("a")).isTrue();
        assertThat(count.tryTake("a")).isFalse();
        assertThat(count.tryTake("b")).isTrue();
        count.giveBack("a");
        assertThat(count.tryTake("a")).isTrue();
        count.giveBack("a");
        count.giveBack("a");
        count.giveBack("b");
        assertThat(count.size()).isZero();
    }
}
