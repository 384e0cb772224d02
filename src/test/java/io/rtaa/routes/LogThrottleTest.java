package io.rtaa.routes;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
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
        Logger log = (Logger) LoggerFactory.getLogger(LogThrottleTest.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.addAppender(lines);
        log.setLevel(ch.qos.logback.classic.Level.DEBUG);
        LogThrottle throttle = new LogThrottle();

        for (int second : new int[] {0, 30, 60}) {
            throttle.atLevel(log, Level.WARN, at(second)).log("It happened");
        }

        assertThat(lines.list)
                .extracting(line -> line.getLevel() + " " + line.getKeyValuePairs())
                .containsExactly("WARN [times=\"1\"]", "DEBUG null", "WARN [times=\"2\"]");
        log.detachAppender(lines);
        log.setLevel(null);
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
