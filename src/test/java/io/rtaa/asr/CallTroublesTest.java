package io.rtaa.asr;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.rtaa.asr.CallTroubles.Kind;
import io.rtaa.asr.CallTroubles.Trouble;
import io.rtaa.call.StreamId;
import io.rtaa.testsupport.CapturedLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallTroublesTest {

    private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");

    private final CapturedLog log = CapturedLog.of("io.rtaa.asr", Level.INFO);
    private Duration passed = Duration.ZERO;

    /** A clock that the test moves on. */
    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return START.plus(passed);
        }
    };

    private final CallTroubles troubles =
            new CallTroubles(new SessionTime(clock, () -> passed.toNanos(), new Random(1)));

    @AfterEach
    void close() {
        log.close();
    }

    private static StreamId stream(int call) {
        return new StreamId("acme", "s" + call);
    }

    private static Trouble lost(int call, String provider, String reason) {
        return new Trouble(Kind.RECOGNISER_LOST, stream(call), provider, reason, Map.of("cause", "frozen"), null);
    }

    private void passes(Duration time) {
        passed = passed.plus(time);
        troubles.tick();
    }

    @Test
    void aCallAloneIsNamed() {
        troubles.began("a", lost(7, "deepgram", "it said nothing"));
        assertThat(log.lines()).as("others may follow").isEmpty();

        passes(CallTroubles.GATHER);

        assertThat(log.lines())
                .containsExactly("WARN Recogniser lost: it said nothing calls=1 times=1 since=2026-11-29T12:00:00Z"
                        + " provider=deepgram cause=frozen interaction_id=s7 tenant_id=acme");
    }

    @Test
    void whatGoesOnIsToldOnceAMinuteAndOnceMoreWhenNoCallHasItAnyLonger() {
        List<Object> calls =
                IntStream.range(0, 50).mapToObj(call -> new Object()).toList();
        for (int second = 0; second < 200; second++) {
            for (int call = 0; call < 50; call++) {
                troubles.began(calls.get(call), lost(call, "deepgram", "unreachable"));
            }
            passes(Duration.ofSeconds(1));
        }
        assertThat(log.lines()).hasSize(4).allMatch(line -> line.startsWith("WARN Recogniser lost: "));
        assertThat(log.lines().get(3)).contains("calls=50 times=3000 since=2026-11-29T12:00:00Z");

        calls.subList(0, 49).forEach(call -> troubles.over(Kind.RECOGNISER_LOST, call));
        passes(Duration.ofSeconds(1));
        assertThat(log.lines()).as("one call has none yet").hasSize(4);
        troubles.over(Kind.RECOGNISER_LOST, calls.get(49));
        passes(Duration.ofSeconds(1));

        assertThat(log.lines().subList(4, log.lines().size()))
                .containsExactly(
                        "INFO No call waits for the recogniser it lost: each has one again, has ended, or was refused for good provider=deepgram"
                                + " calls=50 since=2026-11-29T12:00:00Z seconds=202");
    }

    @Test
    void eachProviderHasLinesOfItsOwn() {
        troubles.began("a", lost(1, "deepgram", "unreachable"));
        troubles.began("b", lost(2, "sphinx", "full"));

        passes(CallTroubles.GATHER);

        assertThat(log.lines())
                .hasSize(2)
                .anyMatch(line -> line.contains("unreachable calls=1"))
                .anyMatch(line -> line.contains("full calls=1"));
    }

    @Test
    void whatIsOverBeforeItsLineIsToldAllTheSame() {
        troubles.began("a", lost(1, "deepgram", "unreachable"));
        troubles.over(Kind.RECOGNISER_LOST, "a");

        passes(CallTroubles.GATHER);

        assertThat(log.lines()).hasSize(2).first().asString().startsWith("WARN Recogniser lost: unreachable");
    }

    @Test
    void anErrorIsToldAtOnceAndThenOnceAMinute() {
        for (int call = 0; call < 100; call++) {
            troubles.happened(new Trouble(Kind.NOT_PUBLISHED, stream(call), "away", Map.of("seq", call)));
        }
        assertThat(log.lines())
                .singleElement()
                .asString()
                .startsWith("ERROR A transcript event could not be published: away calls=1 times=1");

        passes(Duration.ofMinutes(1));

        assertThat(log.lines()).hasSize(2).last().asString().contains("calls=99 times=99");
    }

    @Test
    void nothingIsLeftUntoldWhenTheProcessStops() {
        troubles.happened(new Trouble(Kind.AUDIO_LOST, stream(1), "dropped", Map.of("start_ms", 0L, "end_ms", 100L)));

        troubles.flush();

        assertThat(log.lines())
                .singleElement()
                .asString()
                .startsWith("WARN Audio lost: dropped calls=1 times=1")
                .contains("end_ms=100 start_ms=0 interaction_id=s1");
    }
}
