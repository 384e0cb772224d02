package io.rtaa.asr;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.asr.RecogniserFailure.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RefusalProbeTest {

    private static final Instant NOW = Instant.ofEpochMilli(1_763_800_000_000L);
    private static final RecogniserFailure WRONG_KEY = new RecogniserFailure(Kind.PROVIDER_REFUSES, "wrong key (401)");
    private static final RecogniserFailure WRONG_SETTINGS =
            new RecogniserFailure(Kind.SETTINGS_REFUSED, "wrong settings (400)");

    private long nowNanos;
    private final ScriptedRecogniser recogniser = new ScriptedRecogniser("scripted");
    private final RefusalProbe probe = new RefusalProbe(
            recogniser, new SessionTime(Clock.fixed(NOW, ZoneOffset.UTC), () -> nowNanos, new Random(1)));

    private void passes(Duration time) {
        for (long left = time.toMillis(); left > 0; left -= 100) {
            probe.tick();
            nowNanos += Duration.ofMillis(100).toNanos();
        }
    }

    @Test
    void asksNothingWhileNothingIsRefused() {
        passes(Duration.ofMinutes(1));
        assertThat(recogniser.connections).isEmpty();
        assertThat(probe.refusal()).isNull();
    }

    @Test
    void asksARecogniserThatRefusesEverySecondWithoutACall() {
        RecogniserRefusal refused = new RecogniserRefusal(NOW, "wrong key (401)");
        recogniser.isKnownToRefuse(refused);
        recogniser.refuses(WRONG_KEY);

        passes(Duration.ofSeconds(10));

        assertThat(recogniser.connections).hasSize(10);
        assertThat(probe.refusal()).isEqualTo(refused);
    }

    @Test
    void aProbeThatOpensIsClosedAtOnceAndCarriesNoAudio() {
        recogniser.isKnownToRefuse(new RecogniserRefusal(NOW, "wrong key (401)"));

        probe.tick();

        assertThat(recogniser.connections).hasSize(1);
        assertThat(recogniser.last().aborted).isTrue();
        assertThat(recogniser.last().heard.size()).isZero();
    }

    @Test
    void asksByOneConnectionAtATimeAndGivesUpOneThatIsNotAnswered() {
        recogniser.opensWhenTold().isKnownToRefuse(new RecogniserRefusal(NOW, "wrong key (401)"));

        passes(Duration.ofSeconds(29));
        assertThat(recogniser.connections).hasSize(1);
        passes(Duration.ofSeconds(3));

        assertThat(recogniser.connections).hasSize(2);
        assertThat(recogniser.connections.get(0).aborted).isTrue();
    }

    @Test
    void settingsThatOneCallBringsAreItsOwnWhereAProbeIsAccepted() {
        probe.doubtSettings();

        passes(Duration.ofMinutes(1));

        assertThat(recogniser.connections).hasSize(1);
        assertThat(probe.refusal()).isNull();
    }

    @Test
    void settingsThatAProbeFindsRefusedAreAskedForAgainLessAndLessOften() {
        recogniser.refuses(WRONG_SETTINGS);
        probe.doubtSettings();

        passes(Duration.ofSeconds(1 + 1 + 2 + 4 + 8 + 16));
        assertThat(probe.refusal()).isEqualTo(new RecogniserRefusal(NOW, "wrong settings (400)"));
        assertThat(recogniser.connections).hasSizeBetween(5, 6);
        int before = recogniser.connections.size();
        passes(Duration.ofMinutes(10));
        assertThat(recogniser.connections).hasSizeBetween(before + 9, before + 11);

        recogniser.refuses(null);
        passes(CoolDown.DEFAULT_MOST);
        assertThat(probe.refusal()).isNull();
    }

    @Test
    void aCallThatIsAcceptedEndsTheRefusalOfSettings() {
        recogniser.refuses(WRONG_SETTINGS);
        probe.doubtSettings();
        probe.tick();
        assertThat(probe.refusal()).isNotNull();

        probe.accepted();

        assertThat(probe.refusal()).isNull();
    }

    @Test
    void anOutageSaysNothingOfSettings() {
        recogniser.refuses(new RecogniserFailure(Kind.RETRYABLE, "out of order (503)"));
        probe.doubtSettings();

        passes(Duration.ofMinutes(1));

        assertThat(recogniser.connections).hasSize(1);
        assertThat(probe.refusal()).isNull();
    }
}
