package io.rtaa.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.testsupport.CapturedLog;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class LogThrottleTest {

    private static final long START = Duration.ofDays(1).toNanos();

    private static long at(double seconds) {
        return START + (long) (seconds * 1e9);
    }

    @Test
    void tellsTheFirstTimeAtOnceAndTheOthersOnceAMinute() {
        LogThrottle throttle = new LogThrottle();
        assertThat(throttle.due(at(0))).isZero();
        throttle.count(at(0));
        assertThat(throttle.due(at(0))).isEqualTo(1);
        for (int second = 1; second < 60; second++) {
            throttle.count(at(second));
            assertThat(throttle.due(at(second))).isZero();
        }
        throttle.count(at(60));
        assertThat(throttle.due(at(60))).isEqualTo(60);
        assertThat(throttle.due(at(120))).as("nothing is left to tell").isZero();
    }

    @Test
    void givesALineThatIsDueAtItsLevelWithHowOftenItHappenedAndTheOthersAtDebug() {
        LogThrottle throttle = new LogThrottle();
        String name = LogThrottleTest.class.getName();
        try (CapturedLog log = CapturedLog.of(name, ch.qos.logback.classic.Level.DEBUG)) {
            for (int second : new int[] {0, 30, 60}) {
                throttle.atLevel(LoggerFactory.getLogger(name), Level.WARN, at(second))
                        .log("It happened");
            }

            assertThat(log.lines())
                    .containsExactly("WARN It happened times=1", "DEBUG It happened", "WARN It happened times=2");
        }
    }

    @Test
    void gathersWhatComesSoonAfterTheFirst() {
        LogThrottle throttle = new LogThrottle(Duration.ofSeconds(2));
        throttle.count(at(0));
        throttle.count(at(1.9));
        assertThat(throttle.due(at(1.9))).isZero();
        assertThat(throttle.due(at(2))).isEqualTo(2);
        throttle.count(at(3));
        assertThat(throttle.due(at(61))).isZero();
        assertThat(throttle.rest(at(61))).as("nobody asks again").isEqualTo(1);
    }
}
