package io.rtaa.asr;

import static io.rtaa.asr.GateFixture.FULL;
import static io.rtaa.asr.GateFixture.WINDOW_SAMPLES;
import static io.rtaa.asr.GateFixture.WRONG_KEY;
import static io.rtaa.asr.GateFixture.WRONG_SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.asr.GateFixture.Call;
import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.call.TranscriptEvent.State;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What happens to calls when a recogniser refuses its key, its settings or their streams. */
class RecogniserGateRefusalTest {

    private final GateFixture gate = new GateFixture();
    private final ScriptedRecogniser primary = gate.primary;
    private final ScriptedRecogniser standIn = gate.standIn;

    @Test
    void aRefusalThatIsOverIsNoLongerShownWhileTheCallWaitsForSomethingElse() {
        gate.share(1, false);
        gate.call();
        primary.isKnownToRefuse(new RecogniserRefusal(Instant.EPOCH, "wrong key (401)"));
        Call second = gate.call();
        assertThat(second.states()).containsExactly(State.FAILED);

        primary.isKnownToRefuse(null);
        gate.passes(Waits.ASK_AGAIN.plusSeconds(1));

        assertThat(second.states()).containsExactly(State.FAILED, State.WAITING);
        assertThat(second.status().reason()).isEqualTo("primary has no room: all 1 places are taken");
    }

    @Test
    void aCallThatIsRefusedForGoodStaysSoWhileItsStandInRefusesAll() {
        gate.share(100, true);
        primary.refuses(WRONG_SETTINGS);
        standIn.refuses(WRONG_KEY);
        Call call = gate.call();
        gate.passes(Waits.ASK_AGAIN.multipliedBy(3));

        assertThat(call.states()).containsExactly(State.FAILED);
    }

    @Test
    void aRefusalForGoodGoesToTheStandInAtOnceAndAsksOnce() {
        gate.share(100, true);
        primary.refuses(WRONG_KEY);
        Call call = gate.call();
        assertThat(primary.connections).hasSize(1);
        assertThat(call.states()).containsExactly(State.FALLBACK);
        assertThat(call.status().reason()).isEqualTo("wrong key (401)");
    }

    @Test
    void aStandInThatIsFullLeavesTheCallToThePrimary() {
        gate.share(100, true);
        standIn.refuses(FULL);
        gate.breaksDown();
        Call call = gate.call().speaks(9);
        assertThat(call.states()).containsExactly(State.FAILED);
        assertThat(call.status().reason()).isEqualTo("full: 2 of 2 calls");
        primary.refuses(null);
        gate.passes(GateOptions.DEFAULT_OPEN_FOR.plusSeconds(10));
        primary.connections.forEach(connection -> connection.says(0, 100, "hello"));
        gate.passes(Waits.ASK_AGAIN);
        assertThat(call.status().state()).isEqualTo(State.RECOGNISING);
        assertThat(call.all(Gap.class)).isEmpty();
    }

    @Test
    void aKeyPutRightInMidCallLosesNothing() {
        primary.refuses(WRONG_KEY);
        Call call = gate.newCall().speaks(10);
        gate.passes(Duration.ofSeconds(20));
        assertThat(call.states()).containsExactly(State.FAILED);
        assertThat(call.status().reason()).isEqualTo("wrong key (401)");

        primary.refuses(null);
        gate.passes(Waits.ASK_AGAIN);
        assertThat(call.states()).containsExactly(State.FAILED, State.RECOGNISING);
        assertThat(primary.last().heard.size()).isEqualTo(10 * 2 * WINDOW_SAMPLES);
        primary.last().says(0, 1000, "hello");
        assertThat(call.said()).isEqualTo("hello");
        assertThat(call.all(Gap.class)).isEmpty();
    }

    @Test
    void whatIsRefusedToOneCallIsNoOutageForOthers() {
        primary.refuses(WRONG_KEY);
        for (int i = 0; i < 2 * GateOptions.DEFAULT_FAILURES_LEAST; i++) {
            assertThat(gate.call().states()).containsExactly(State.FAILED);
        }
        primary.refuses(null);
        assertThat(gate.call().states()).containsExactly(State.RECOGNISING);
    }

    @Test
    void aCallThatIsRefusedLeavesItsPlaceToOthers() {
        gate.share(1, false);
        primary.refuses(WRONG_KEY);
        assertThat(gate.call().states()).containsExactly(State.FAILED);
        assertThat(gate.recognisers().primary().places().taken()).isZero();
        primary.refuses(null);
        assertThat(gate.call().states()).containsExactly(State.RECOGNISING);
    }

    @Test
    void aRecogniserThatIsKnownToRefuseIsAskedByNoCall() {
        primary.isKnownToRefuse(new RecogniserRefusal(Instant.EPOCH, "no credit (402)"));
        Call call = gate.newCall().speaks(10);
        gate.passes(Duration.ofSeconds(20));
        assertThat(primary.connections).isEmpty();
        assertThat(call.states()).containsExactly(State.FAILED);
        assertThat(call.status().reason()).isEqualTo("no credit (402)");

        primary.isKnownToRefuse(null);
        gate.passes(Waits.ASK_AGAIN);
        assertThat(call.states()).containsExactly(State.FAILED, State.RECOGNISING);
        assertThat(primary.last().heard.size()).isEqualTo(10 * 2 * WINDOW_SAMPLES);
        assertThat(call.all(Gap.class)).isEmpty();
    }

    @Test
    void aRecogniserThatIsKnownToRefuseLeavesItsCallsToTheStandInAtOnce() {
        gate.share(100, true);
        primary.isKnownToRefuse(new RecogniserRefusal(Instant.EPOCH, "no credit (402)"));
        Call call = gate.call();
        assertThat(call.states()).containsExactly(State.FALLBACK);
        assertThat(call.status().reason()).isEqualTo("no credit (402)");
        assertThat(primary.connections).isEmpty();
    }

    @Test
    void aCallThatIsRefusedToTheLastTellsItsLossAndEnds() {
        primary.refuses(WRONG_KEY);
        Call call = gate.newCall().speaks(10);
        call.hangsUp();
        gate.passes(SessionOptions.DEFAULT_DRAIN_TIMEOUT);
        assertThat(call.all(Gap.class)).extracting(Gap::reason).containsExactly("wrong key (401)");
        assertThat(call.session.isOver()).isTrue();
    }

    @Test
    void settingsThatAreRefusedAreNotSentAgain() {
        primary.refuses(WRONG_SETTINGS);
        Call call = gate.newCall().speaks(10);
        gate.passes(Duration.ofSeconds(30));
        call.speaks(10).hangsUp();
        assertThat(primary.connections).hasSize(1);
        assertThat(call.states()).containsExactly(State.FAILED);
        assertThat(call.status().reason()).isEqualTo("wrong settings (400)");
        assertThat(call.all(Gap.class)).extracting(Gap::endMillis).containsExactly(2000L);
        assertThat(call.session.isOver()).isTrue();
    }

    @Test
    void settingsThatAreRefusedSayNothingAboutThoseOfOthers() {
        primary.refuses(WRONG_SETTINGS);
        for (int i = 0; i < 2 * GateOptions.DEFAULT_FAILURES_LEAST; i++) {
            gate.newCall().speaks(1);
        }
        primary.refuses(null);
        assertThat(gate.newCall().speaks(1).states()).containsExactly(State.RECOGNISING);
    }

    @Test
    void settingsThatAreRefusedSendCallsToTheStandIn() {
        gate.share(100, true);
        primary.refuses(WRONG_SETTINGS);
        Call call = gate.newCall().speaks(10);
        assertThat(call.states()).containsExactly(State.FALLBACK);
        standIn.last().isLost();
        gate.passes(Duration.ofSeconds(30));
        assertThat(primary.connections).hasSize(1);
        assertThat(call.states()).containsExactly(State.FALLBACK, State.RETRYING, State.FALLBACK);
    }

    @Test
    void aCallThatTheStandInHadNoKeyForComesBackToItLater() {
        gate.share(100, true);
        primary.refuses(WRONG_SETTINGS);
        standIn.refuses(WRONG_KEY);
        Call call = gate.newCall().speaks(10);
        assertThat(call.states()).containsExactly(State.FAILED);
        standIn.refuses(null);
        gate.passes(Waits.ASK_AGAIN);
        assertThat(call.states()).containsExactly(State.FAILED, State.FALLBACK);
        assertThat(standIn.last().heard.size()).isEqualTo(10 * 2 * WINDOW_SAMPLES);
        assertThat(primary.connections).hasSize(1);
    }
}
