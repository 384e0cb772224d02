package io.rtaa.asr;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallInfo;
import io.rtaa.call.CallRelease;
import io.rtaa.call.CallResume;
import io.rtaa.call.CallStart;
import io.rtaa.call.EndReason;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.Word;
import io.rtaa.testsupport.CapturedLog;
import io.rtaa.tracing.CallTracing;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A stream whose socket is followed by another one, which carries it on. */
class RecogniserSessionsTest extends SessionFixture {

    private static final long EPOCH = INFO.startedAtMillis();

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
            return Instant.ofEpochMilli(EPOCH + nowNanos / 1_000_000);
        }
    };

    private final SessionTime time = new SessionTime(clock, () -> nowNanos, new Random(1));
    private final RecogniserSessions sessions = new RecogniserSessions(
            new Recognisers(
                    new ProviderGate(recogniser, GateOptions.DEFAULTS, time),
                    null,
                    new BacklogBudget(Runtime.getRuntime().maxMemory()),
                    new AsrMeters(meters),
                    faults,
                    CallTracing.OFF),
            SessionOptions.DEFAULTS,
            time);

    RecogniserSessionsTest() {
        sessions.publishTo(sink);
    }

    /** A socket that carries the stream, from so many milliseconds after the first one on. */
    private final class Socket {
        private final CallInfo info;
        private long number = 1;
        private long sample;

        Socket(long afterMillis, int rate) {
            info = new CallInfo(STREAM, null, null, null, null, rate, EPOCH + afterMillis);
        }

        Socket start() {
            sessions.accept(new CallStart(info), null);
            return this;
        }

        /** A second of audio, which is recognised as a word. */
        Socket says(String word) {
            sends(1000);
            recogniser.last().says(sample * 1000 / info.sampleRate() - 1000, sample * 1000 / info.sampleRate(), word);
            return this;
        }

        /** A second of audio, of which the recogniser tells the speaker too. */
        Socket says(String word, int speaker) {
            sends(1000);
            long startMillis = sample * 1000 / info.sampleRate() - 1000;
            recogniser.last().says(word, new Word(word, word, startMillis, startMillis + 900, null, speaker));
            return this;
        }

        Socket sends(long millis) {
            int samples = (int) (millis * info.sampleRate() / 1000);
            sessions.accept(
                    new AudioWindow(STREAM, number++, sample, info.sampleRate(), new byte[samples * 2], info.leg()),
                    null);
            sample += samples;
            return this;
        }

        void ends(EndReason reason) {
            sessions.accept(new CallEnd(STREAM, number, sample, reason, info.leg()), null);
            recogniser.last().listener.closed(null);
        }
    }

    private void passes(Duration length) {
        long end = nowNanos + length.toNanos();
        while (nowNanos < end) {
            nowNanos += AwakeTime.STANDSTILL.toNanos();
            sessions.tick();
        }
    }

    @Test
    void aStreamThatWasCutOffGoesOnWhereItsSocketEnded() {
        new Socket(0, 8000).start().says("one").says("two").ends(EndReason.DISCONNECTED);
        passes(Duration.ofSeconds(5));

        // At another rate, which changes nothing for the time.
        new Socket(5000, 16_000).start().says("three").ends(EndReason.CALLENDED);

        assertThat(events).extracting(TranscriptEvent::seq).isSorted().doesNotHaveDuplicates();
        assertThat(all(Final.class)).extracting(Final::startMillis).containsExactly(0L, 1000L, 2000L);
        assertThat(all(Final.class).get(2).words().get(0).endMillis()).isEqualTo(3000);
        assertThat(all(CallStarted.class)).hasSize(2);
        assertThat(all(CallStarted.class).get(1).info().audioStartMillis()).isEqualTo(2000);
        assertThat(all(CallEnded.class)).extracting(CallEnded::durationMillis).containsExactly(2000L, 3000L);
    }

    @Test
    void theNextSocketWaitsUntilAllOfTheOneBeforeIsPublished() {
        Socket first = new Socket(0, 8000).start().says("one");
        first.sends(1000);
        ScriptedRecogniser.Connection earlier = recogniser.last();
        // Its host is frozen: nobody has said that it ended.
        Socket second = new Socket(3000, 8000).start().says("three");
        passes(Duration.ofSeconds(1));
        assertThat(all(Final.class)).extracting(Final::text).containsExactly("one");

        earlier.says(1000, 2000, "two");
        earlier.listener.closed(null);
        passes(Duration.ofSeconds(1));

        assertThat(all(Final.class)).extracting(Final::text).containsExactly("one", "two", "three");
        assertThat(all(Final.class)).extracting(Final::startMillis).containsExactly(0L, 1000L, 2000L);
        assertThat(events).extracting(TranscriptEvent::seq).isSorted().doesNotHaveDuplicates();
        assertThat(all(CallEnded.class))
                .singleElement()
                .satisfies(end -> assertThat(end.reason()).isEqualTo(EndReason.DISCONNECTED));
        CallStarted again = all(CallStarted.class).get(1);
        assertThat(events.indexOf(again))
                .isEqualTo(events.indexOf(all(CallEnded.class).get(0)) + 1);

        // The frozen host wakes, and is found dead: that ends nothing any more.
        AtomicInteger settled = new AtomicInteger();
        sessions.accept(
                new AudioWindow(STREAM, 3, 16_000, 8000, new byte[1600], first.info.leg()), settled::incrementAndGet);
        sessions.accept(
                new CallEnd(STREAM, 4, 16_800, EndReason.DISCONNECTED, first.info.leg()), settled::incrementAndGet);
        assertThat(settled).hasValue(2);
        second.says("four").ends(EndReason.STOPPED);
        assertThat(all(Final.class)).extracting(Final::text).containsExactly("one", "two", "three", "four");
        assertThat(all(CallEnded.class)).hasSize(2);
    }

    @Test
    void aStreamThatItsCallerStoppedBeginsAnewUnderTheSameId() {
        new Socket(0, 8000).start().says("one").ends(EndReason.STOPPED);
        passes(Duration.ofSeconds(1));

        new Socket(1000, 8000).start().says("two");

        assertThat(all(CallStarted.class)).extracting(CallStarted::seq).containsExactly(1L, 1L);
        assertThat(all(Final.class)).extracting(Final::startMillis).containsExactly(0L, 0L);
    }

    @Test
    void aStreamThatWasCutOffLongAgoBeginsAnewUnderTheSameId() {
        new Socket(0, 8000).start().says("one").ends(EndReason.DISCONNECTED);
        passes(Duration.ofSeconds(1));

        new Socket(CallInfo.GOES_ON_WITHIN.toMillis() + 1000, 8000).start();

        assertThat(all(CallStarted.class)).extracting(CallStarted::seq).containsExactly(1L, 1L);
    }

    @Test
    void aStreamThatAnotherProcessHasIsForgottenWithTheSocketThatCameBefore() {
        new Socket(0, 8000).start().says("one");
        Socket second = new Socket(1000, 8000).start();
        second.sends(1000);
        sessions.accept(new CallRelease(STREAM), null);

        assertThat(sessions.size(any -> true)).isZero();
        recogniser.connections.get(0).says(0, 500, "late");
        assertThat(all(Final.class)).extracting(Final::text).containsExactly("one");
    }

    @Test
    void theSpeakersOfALegThatFollowsAreOthers() {
        new Socket(0, 8000).start().says("one", 0).says("two", 1).ends(EndReason.DISCONNECTED);
        passes(Duration.ofSeconds(5));
        new Socket(5000, 8000).start().says("three", 0);
        // It follows before the one before is known to have ended.
        new Socket(9000, 8000).start().says("four", 1).says("five", 0);
        recogniser.connections.get(1).listener.closed(null);
        passes(Duration.ofSeconds(5));

        assertThat(all(Final.class)).extracting(Final::speaker).containsExactly(0, 1, 2, 4, 3);
        assertThat(all(CallStarted.class).get(1).info().speakersBefore()).isEqualTo(2);
    }

    @Test
    void aSpeakerOfTheLegBeforeWhoIsHeardLateSharesNoNumber() {
        Socket first = new Socket(0, 8000).start().says("one", 0);
        first.sends(1000);
        ScriptedRecogniser.Connection earlier = recogniser.last();
        new Socket(3000, 8000).start().says("three", 0);
        earlier.says("two", new Word("two", "two", 1000, 1900, null, 1));
        earlier.says("too", new Word("too", "too", 1900, 2000, null, 0));
        earlier.listener.closed(null);
        passes(Duration.ofSeconds(1));

        assertThat(all(Final.class)).extracting(Final::text).containsExactly("one", "two", "too", "three");
        assertThat(all(Final.class)).extracting(Final::speaker).containsExactly(0, 2, 0, 1);
    }

    @Test
    void aLegThatFollowsOneThatWasTakenOverNumbersItsEventsAboveThat() {
        Socket first = new Socket(0, 8000);
        // Taken over for the second time: its numbers are ahead of the clock.
        sessions.accept(new CallResume(first.info, 0, EPOCH, 0, false, 0, List.of(), List.of()), null);
        first.says("one");
        Socket second = new Socket(3000, 8000).start().says("two");
        recogniser.connections.get(0).listener.closed(null);
        second.ends(EndReason.CALLENDED);
        passes(Duration.ofSeconds(1));

        assertThat(all(Final.class)).extracting(Final::text).containsExactly("one", "two");
        assertThat(events).extracting(TranscriptEvent::seq).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aSocketThatIsDroppedBecauseItsHostsClockIsBehindIsLogged() {
        new Socket(9000, 8000).start().says("one");

        try (CapturedLog log = CapturedLog.of("io.rtaa.asr", Level.INFO)) {
            new Socket(5000, 8000).start().sends(1000);
            faults.troubles().flush();

            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("INFO What an earlier socket of the stream sent is dropped")
                    .contains("calls=1 times=2");
        }
    }

    @Test
    void theSpeakersOfAnotherCallAreCountedAnew() {
        new Socket(0, 8000).start().says("one", 1).ends(EndReason.CALLENDED);
        passes(Duration.ofSeconds(5));
        new Socket(5000, 8000).start().says("two", 0);

        assertThat(all(Final.class)).extracting(Final::speaker).containsExactly(1, 0);
    }

    @Test
    void aLegThatIsTakenOverGoesOnInTheTimeOfTheWholeStream() {
        CallInfo info = new Socket(9000, 8000).info.following(new CallInfo.Before(60_000, 40));
        sessions.accept(new CallResume(info, 16_000, 100, 61_500, false, 0, List.of(), List.of()), null);
        sessions.accept(new AudioWindow(STREAM, 3, 16_000, 8000, new byte[16_000], info.leg()), null);
        recogniser.last().says(0, 1000, "on");

        assertThat(all(Final.class))
                .singleElement()
                .satisfies(said -> assertThat(said.startMillis()).isEqualTo(62_000));
        assertThat(events.get(0).seq()).isGreaterThanOrEqualTo(EPOCH);
    }
}
