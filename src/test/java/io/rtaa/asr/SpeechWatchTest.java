package io.rtaa.asr;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallInfo;
import io.rtaa.call.StreamId;
import io.rtaa.testsupport.CapturedLog;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class SpeechWatchTest {

    private static final StreamId STREAM = new StreamId("acme", "s1");
    private static final int RATE = 8000;
    private static final int WINDOW_SAMPLES = 800;
    private static final Duration WATCHED = Duration.ofSeconds(15);
    private static final double LOUD_DBFS = -25;
    private static final double QUIET_DBFS = -65;

    private long nowNanos;
    private final CallTroubles troubles =
            new CallTroubles(new SessionTime(Clock.systemUTC(), () -> nowNanos, new Random(1)));
    private final SpeechWatch watch =
            new SpeechWatch(new CallInfo(STREAM, null, null, null, null, RATE, 0), () -> nowNanos, WATCHED, troubles);

    /** Noise of a level: the loudest thing that is not 0 everywhere and has no rhythm. */
    private static byte[] noise(double dbfs, int samples, Random random) {
        double scale = 32_768 * Math.pow(10, dbfs / 20);
        byte[] pcm = new byte[samples * 2];
        for (int i = 0; i < samples; i++) {
            short sample = (short)
                    Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, Math.round(random.nextGaussian() * scale)));
            pcm[2 * i] = (byte) sample;
            pcm[2 * i + 1] = (byte) (sample >> 8);
        }
        return pcm;
    }

    private static byte[] tone(double dbfs, int hertz, int samples) {
        double amplitude = 32_768 * Math.pow(10, dbfs / 20) * Math.sqrt(2);
        byte[] pcm = new byte[samples * 2];
        for (int i = 0; i < samples; i++) {
            short sample = (short) Math.round(amplitude * Math.sin(2 * Math.PI * hertz * i / RATE));
            pcm[2 * i] = (byte) sample;
            pcm[2 * i + 1] = (byte) (sample >> 8);
        }
        return pcm;
    }

    private void comes(double dbfs, double seconds) {
        Random random = new Random(7);
        for (int i = 0; i < seconds * RATE / WINDOW_SAMPLES; i++) {
            watch.audio(new AudioWindow(STREAM, 1, 0, RATE, noise(dbfs, WINDOW_SAMPLES, random)));
            nowNanos += Duration.ofMillis(100).toNanos();
            watch.tick();
            troubles.tick();
        }
    }

    @Property
    void noiseIsSpeechFromItsLevelOn(
            @ForAll @DoubleRange(min = -80, max = -10) double dbfs,
            @ForAll long seed,
            @ForAll @IntRange(min = 100, max = 250) int millis) {
        // A sample of a window is as loud as the window give or take some 2 dB.
        boolean near = Math.abs(dbfs - SpeechWatch.SPEECH_DBFS) < 3;
        boolean speech = SpeechWatch.isSpeech(noise(dbfs, millis * RATE / 1000, new Random(seed)));
        assertThat(speech || near).isEqualTo(dbfs > SpeechWatch.SPEECH_DBFS || near);
    }

    @Property
    void aToneOfAnyPitchIsSpeechFromItsLevelOn(
            @ForAll @DoubleRange(min = -80, max = -10) double dbfs,
            @ForAll @IntRange(min = 1, max = 35) int hundredHertz) {
        boolean near = Math.abs(dbfs - SpeechWatch.SPEECH_DBFS) < 3;
        boolean speech = SpeechWatch.isSpeech(tone(dbfs, hundredHertz * 100, WINDOW_SAMPLES));
        assertThat(speech || near).isEqualTo(dbfs > SpeechWatch.SPEECH_DBFS || near);
    }

    @Example
    void speechIsUnheardOnceNoTranscriptCameOfItForTheTimeWatched() {
        comes(LOUD_DBFS, 14.9);
        assertThat(watch.getsSpeech()).isTrue();
        assertThat(watch.isUnheard()).isFalse();
        comes(LOUD_DBFS, 0.2);
        assertThat(watch.isUnheard()).isTrue();
    }

    @Example
    void aTranscriptEndsItAndTheTimeBeginsAnew() {
        comes(LOUD_DBFS, 16);
        watch.transcribed();
        assertThat(watch.isUnheard()).isFalse();
        comes(LOUD_DBFS, 14.5);
        assertThat(watch.isUnheard()).isFalse();
        comes(LOUD_DBFS, 1);
        assertThat(watch.isUnheard()).isTrue();
    }

    @Example
    void theLogTellsOfEachTimeOnce() {
        try (CapturedLog log = CapturedLog.of("io.rtaa.asr", Level.INFO)) {
            comes(LOUD_DBFS, 60);
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("WARN Speech and no transcript: none for 15 s calls=1 times=1 ")
                    .endsWith(" interaction_id=s1 tenant_id=acme");
            watch.transcribed();
            troubles.tick();
            assertThat(log.lines()).hasSize(2).last().asString().startsWith("INFO Over: speech and no transcript");
            comes(LOUD_DBFS, 30);
            assertThat(log.lines()).filteredOn(line -> line.startsWith("WARN")).hasSize(2);
        }
    }

    @Example
    void aCallThatWasSilentForLongHasTheWholeTimeOnceItSpeaks() {
        comes(QUIET_DBFS, 60);
        comes(LOUD_DBFS, 14);
        assertThat(watch.isUnheard()).isFalse();
    }

    @Example
    void aQuietLineAndAFewCoughsAreNoSpeech() {
        for (int i = 0; i < 10; i++) {
            comes(QUIET_DBFS, 4);
            comes(LOUD_DBFS, 0.3);
            assertThat(watch.getsSpeech()).isFalse();
            assertThat(watch.isUnheard()).isFalse();
        }
    }

    @Example
    void itIsForgottenWhenNothingButSilenceFollows() {
        comes(LOUD_DBFS, 16);
        assertThat(watch.isUnheard()).isTrue();
        comes(QUIET_DBFS, 16);
        assertThat(watch.getsSpeech()).isFalse();
        assertThat(watch.isUnheard()).isFalse();
    }

    @Example
    void aLongPauseOfTheClockLeavesNothingOfWhatWasBefore() {
        comes(LOUD_DBFS, 10);
        nowNanos += Duration.ofHours(3).toNanos();
        watch.tick();
        assertThat(watch.getsSpeech()).isFalse();
        comes(LOUD_DBFS, 14);
        assertThat(watch.isUnheard()).isFalse();
    }
}
