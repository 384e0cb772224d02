package io.rtaa.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.dashboard.CallBook.Limits;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** When the book takes the worker of a live call for away. */
class LostCallTest {

    private static final long START = 1_763_800_000_000L;
    private static final Duration LOST_AFTER = Duration.ofMinutes(2);

    private final Events call = Events.of("t", "a", START);
    private Instant now = Instant.ofEpochMilli(START);
    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    };
    private final CallBook book = new CallBook(clock, Limits.DEFAULT, LOST_AFTER);

    private void passes(Duration time, boolean busWorks) {
        for (long second = 0; second < time.toSeconds(); second++) {
            now = now.plusSeconds(1);
            book.looks(busWorks);
        }
    }

    private String state() {
        return book.transcript(call.stream()).orElseThrow().summary().state();
    }

    @Test
    void aLiveCallOfWhichNothingComesIsLostAndHealsWithItsNextEvent() {
        book.add(call.started(1));
        passes(LOST_AFTER.minusSeconds(1), true);
        assertThat(state()).isEqualTo("live");

        passes(Duration.ofSeconds(1), true);
        assertThat(state()).isEqualTo("lost");

        book.add(call.said(2, "Hello."));
        assertThat(state()).isEqualTo("live");
    }

    @Test
    void aKeepAliveKeepsACallOnHoldFromBeingLostAndHealsOneThatIs() {
        book.add(call.started(1));
        passes(LOST_AFTER.minusSeconds(1), true);
        book.keepAlive(call.stream());
        passes(LOST_AFTER.minusSeconds(1), true);
        assertThat(state()).isEqualTo("live");
        passes(Duration.ofSeconds(1), true);
        assertThat(state()).isEqualTo("lost");

        book.keepAlive(call.stream());

        assertThat(state()).isEqualTo("live");
    }

    @Test
    void aCallOfThePastIsLostOnlyAfterTheBookHasWaitedItself() {
        now = now.plus(Duration.ofHours(1));
        CallBook late = new CallBook(clock, Limits.DEFAULT, LOST_AFTER);
        late.add(call.started(1));

        assertThat(late.transcript(call.stream()).orElseThrow().summary().state())
                .isEqualTo("live");
    }

    @Test
    void noCallIsLostWhileTheBusCannotBeReadOrTheProcessStandsStill() {
        book.add(call.started(1));
        passes(LOST_AFTER.multipliedBy(2), false);
        assertThat(state()).isEqualTo("live");

        now = now.plus(LOST_AFTER.multipliedBy(2));
        book.looks(true);
        assertThat(state()).isEqualTo("live");

        passes(LOST_AFTER, true);
        assertThat(state()).isEqualTo("lost");
    }

    @Test
    void aCallThatEndedIsNotLostAndAKeepAliveOpensNone() {
        book.add(call.started(1));
        book.add(call.ended(2));
        passes(LOST_AFTER, true);
        book.keepAlive(call.stream());
        book.keepAlive(Events.of("t", "unknown", START).stream());

        assertThat(state()).isEqualTo("ended");
        assertThat(book.counts().live()).isZero();
    }

    @Test
    void aLostCallIsForgottenAfterAsLongAsANewDashboardLooksBack() {
        book.add(call.started(1));
        passes(CallBook.LOST_KEPT.minusSeconds(1), true);
        assertThat(state()).isEqualTo("lost");

        passes(Duration.ofSeconds(1), true);

        assertThat(book.transcript(call.stream())).isEmpty();
        assertThat(book.counts().evicted()).isEqualTo(1);
        assertThat(book.counts().bytes()).isZero();
    }

    @Test
    void noCallIsLostWhereWorkersSayNothingOfQuietCalls() {
        CallBook ofMemory = new CallBook(clock, Limits.DEFAULT, Duration.ZERO);
        ofMemory.add(call.started(1));
        now = now.plus(Duration.ofHours(5));

        assertThat(ofMemory.transcript(call.stream()).orElseThrow().summary().state())
                .isEqualTo("live");
    }
}
