package io.rtaa.edge.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How fast a socket may be read, by a clock of the test's. */
class ReadingPaceTest {

    private static final long MILLIS = 1_000_000;
    private static final long SECONDS = 1000 * MILLIS;
    private static final int FRAME_BYTES = 600;

    private final AtomicInteger refused = new AtomicInteger();
    private long now = 77 * SECONDS;

    private ReadingPace pace(WebsocketEndpointOptions options) {
        ReadingPace pace = new ReadingPace(options, () -> now, refused::incrementAndGet);
        pace.streamStarted();
        return pace;
    }

    private static WebsocketEndpointOptions anyLead() {
        return new WebsocketEndpointOptions().setMaxAudioLead(Duration.ZERO);
    }

    /** Sends a frame of 20 ms; the clock goes on as long as the socket rests. Returns for how long, nanoseconds. */
    private long send(ReadingPace pace, String... expectedFault) {
        pace.frame(FRAME_BYTES);
        String fault = pace.audio(20 * MILLIS);
        if (expectedFault.length == 0) {
            assertThat(fault).isNull();
        } else {
            assertThat(fault).contains(expectedFault);
        }
        pace.messageDone();
        return rest(pace);
    }

    private long rest(ReadingPace pace) {
        long rest = pace.isUsedUp() ? pace.restNanos() : 0;
        now += rest;
        return rest;
    }

    @Test
    void aStreamInRealTimeNeverRests() {
        ReadingPace pace = pace(new WebsocketEndpointOptions());
        for (int frame = 0; frame < 3600 * 50; frame++) {
            now += 20 * MILLIS;
            assertThat(send(pace)).isZero();
        }
    }

    @Test
    void audioThatComesAtOnceIsReadAtTwiceRealTimeBeyondTheBurst() {
        ReadingPace pace = pace(anyLead());
        long restOfTheBurst = 0;
        for (int frame = 0; frame < 10 * 50; frame++) {
            restOfTheBurst += send(pace);
        }
        assertThat(restOfTheBurst).isZero();
        long rest = 0;
        for (int frame = 0; frame < 40 * 50; frame++) {
            rest += send(pace);
        }
        assertThat(rest).isBetween(19 * SECONDS, 21 * SECONDS);
        assertThat(pace.tightest()).isEqualTo(ReadingPace.Limit.AUDIO);
    }

    @Test
    void aCallerThatMakesUpForAStallOfMinutesIsNotRefused() {
        ReadingPace pace = pace(new WebsocketEndpointOptions());
        now += 300 * SECONDS;
        for (int frame = 0; frame < 300 * 50; frame++) {
            send(pace);
        }
        assertThat(refused).hasValue(0);
    }

    @Test
    void aStreamIsRefusedOnceItsAudioIsAMinuteAheadOfTheTimeSinceItsStart() {
        ReadingPace pace = pace(new WebsocketEndpointOptions().setMaxAudioSpeed(0));
        for (int frame = 0; frame < 60 * 50; frame++) {
            assertThat(send(pace)).isZero();
        }
        now += 20 * MILLIS;
        send(pace);
        send(pace, "more than 60 s ahead", "allowed");
        assertThat(refused).hasValue(1);
    }

    @Test
    void theNextStreamOfASocketBeginsWithoutALead() {
        ReadingPace pace = pace(new WebsocketEndpointOptions().setMaxAudioSpeed(0));
        for (int frame = 0; frame < 50 * 50; frame++) {
            send(pace);
        }
        pace.streamStarted();
        for (int frame = 0; frame < 50 * 50; frame++) {
            send(pace);
        }
        assertThat(refused).hasValue(0);
    }

    @Test
    void messagesWithoutAudioHaveARateOfTheirOwn() {
        ReadingPace pace = pace(new WebsocketEndpointOptions());
        long rest = 0;
        for (int message = 0; message < 3000; message++) {
            pace.frame(1);
            pace.messageDone();
            rest += rest(pace);
        }
        assertThat(rest).isBetween(19 * SECONDS, 21 * SECONDS);
        assertThat(pace.tightest()).isEqualTo(ReadingPace.Limit.WITHOUT_AUDIO);
    }

    @Test
    void framesThatAreNoMessagesCountToo() {
        ReadingPace pace = pace(new WebsocketEndpointOptions());
        long rest = 0;
        for (int ping = 0; ping < 15_000; ping++) {
            pace.frame(0);
            rest += rest(pace);
        }
        assertThat(rest).isBetween(19 * SECONDS, 21 * SECONDS);
        assertThat(pace.tightest()).isEqualTo(ReadingPace.Limit.FRAMES);
    }

    @Test
    void bytesHaveARateWhateverTheyAre() {
        ReadingPace pace = pace(anyLead().setMaxAudioSpeed(0).setMaxRateWithoutAudio(0));
        long rest = 0;
        for (int message = 0; message < 60; message++) {
            pace.frame(256 * 1024);
            pace.messageDone();
            rest += rest(pace);
        }
        assertThat(rest).isBetween(19 * SECONDS, 21 * SECONDS);
        assertThat(pace.tightest()).isEqualTo(ReadingPace.Limit.BYTES);
    }

    @Test
    void aRateOfZeroIsNone() {
        ReadingPace pace = pace(anyLead()
                .setMaxFrameRate(0)
                .setMaxByteRate(0)
                .setMaxAudioSpeed(0)
                .setMaxRateWithoutAudio(0));
        for (int message = 0; message < 100_000; message++) {
            pace.frame(256 * 1024);
            pace.audio(SECONDS);
            pace.messageDone();
            pace.messageDone();
        }
        assertThat(pace.isUsedUp()).isFalse();
    }
}
