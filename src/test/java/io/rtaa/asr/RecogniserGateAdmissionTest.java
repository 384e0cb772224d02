package io.rtaa.asr;

import static io.rtaa.asr.GateFixture.FULL;
import static io.rtaa.asr.GateFixture.RATE;
import static io.rtaa.asr.GateFixture.WINDOW_SAMPLES;
import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.asr.GateFixture.Call;
import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.call.TranscriptEvent.State;
import io.rtaa.call.Word;
import io.rtaa.testsupport.Shorthand;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which calls reach a recogniser that is full or fails, and which wait or go to the stand-in. */
class RecogniserGateAdmissionTest {

    private final GateFixture gate = new GateFixture();
    private final ScriptedRecogniser primary = gate.primary;
    private final ScriptedRecogniser standIn = gate.standIn;

    @Test
    void callsBeyondTheLimitWaitAndFollowInTheirOrder() {
        gate.share(2, false);
        Call first = gate.call();
        Call second = gate.call();
        Call third = gate.call().speaks(9);
        Call fourth = gate.call();
        assertThat(primary.connections).hasSize(2);
        assertThat(third.status().state()).isEqualTo(State.WAITING);
        assertThat(third.status().reason()).isEqualTo("primary has no room: all 2 places are taken");

        gate.passes(Duration.ofSeconds(10));
        assertThat(primary.live()).isEqualTo(2);
        assertThat(third.states()).containsExactly(State.WAITING);

        second.hangsUp();
        primary.last().closesWith(null);
        assertThat(third.states()).containsExactly(State.WAITING, State.RECOGNISING);
        assertThat(primary.last().heard.size()).isEqualTo(10 * 2 * WINDOW_SAMPLES);
        assertThat(fourth.states()).containsExactly(State.WAITING);
        assertThat(primary.live()).isEqualTo(2);
        assertThat(first.states()).containsExactly(State.RECOGNISING);
    }

    @Test
    void aCallKeepsItsPlaceWhileItReconnects() {
        gate.share(1, false);
        Call first = gate.call();
        Call second = gate.call();
        primary.last().isLost();
        assertThat(second.states()).containsExactly(State.WAITING);
        gate.passes(SessionOptions.DEFAULT_RETRY_CAP);
        assertThat(first.status().state()).isEqualTo(State.RECOGNISING);
        assertThat(second.states()).containsExactly(State.WAITING);
    }

    @Test
    void whoHangsUpInLineIsNotServed() {
        gate.share(1, false);
        Call first = gate.call();
        Call second = gate.call();
        Call third = gate.call();
        second.hangsUp();
        gate.passes(SessionOptions.DEFAULT_DRAIN_TIMEOUT);
        assertThat(second.all(Gap.class)).hasSize(1);
        assertThat(second.session.isOver()).isTrue();
        first.hangsUp();
        primary.last().closesWith(null);
        assertThat(third.status().state()).isEqualTo(State.RECOGNISING);
    }

    @Test
    void aFullRecogniserSendsTheNextCallToTheStandInAtOnce() {
        gate.share(1, true);
        gate.call();
        Call second = gate.call();
        assertThat(second.states()).containsExactly(State.FALLBACK);
        assertThat(second.status().provider()).isEqualTo("stand-in");
        assertThat(second.status().reason()).contains("no room");
        assertThat(standIn.last().heard.size()).isEqualTo(2 * WINDOW_SAMPLES);
    }

    @Test
    void theBreakerOpensLetsAFewThroughAndCloses() {
        gate.breaksDown();
        int asked = primary.connections.size();
        Call late = gate.call();
        assertThat(late.status().state()).isEqualTo(State.WAITING);
        assertThat(late.status().reason()).contains("too many connections to primary failed");
        gate.passes(GateOptions.DEFAULT_OPEN_FOR.minusMillis(200));
        assertThat(primary.connections).hasSize(asked);

        primary.refuses(null);
        gate.passes(Waits.ASK_AGAIN.plusSeconds(10));
        assertThat(primary.connections).hasSize(asked + GateOptions.DEFAULT_PROBES);
        List.copyOf(primary.connections.subList(asked, asked + GateOptions.DEFAULT_PROBES))
                .forEach(probe -> probe.says(0, 100, "hello"));
        gate.passes(Waits.ASK_AGAIN);
        assertThat(gate.calls)
                .allSatisfy(call -> assertThat(call.status().state()).isEqualTo(State.RECOGNISING));
        assertThat(gate.calls)
                .allSatisfy(call -> assertThat(call.all(Gap.class)).isEmpty());
    }

    @Test
    void theBreakerOpensAgainWhereTheProbesFail() {
        gate.breaksDown();
        int asked = primary.connections.size();
        gate.passes(GateOptions.DEFAULT_OPEN_FOR.plus(Waits.ASK_AGAIN));
        assertThat(primary.connections).hasSize(asked + GateOptions.DEFAULT_PROBES);
        assertThat(gate.recognisers().primary().isShut()).isTrue();
    }

    @Test
    void aProbeThatIsNotNeededAnyMoreMakesRoomForAnother() {
        gate.breaksDown();
        gate.passes(GateOptions.DEFAULT_OPEN_FOR.minusSeconds(1));
        primary.refuses(null);
        gate.passes(Waits.ASK_AGAIN.plusSeconds(10));
        int asked = primary.connections.size();
        for (Call call : gate.calls) {
            if (call.status().state() == State.RECOGNISING) {
                call.hangsUp();
            }
        }
        gate.passes(SessionOptions.DEFAULT_DRAIN_TIMEOUT);
        gate.passes(Waits.ASK_AGAIN);
        assertThat(primary.connections).hasSizeGreaterThan(asked);
    }

    @Test
    void aStreamsOwnFailureSaysNothingAboutTheRecogniser() {
        primary.refuses(FULL);
        for (int i = 0; i < 20; i++) {
            assertThat(gate.call().states()).containsExactly(State.FAILED);
        }
        primary.refuses(null);
        assertThat(gate.call().states()).containsExactly(State.RECOGNISING);
    }

    @Test
    void theStandInTakesACallOverInMidSentenceWithNoWordLostOrDoubled() {
        gate.share(100, true);
        Call call = gate.newCall().speaks(60);
        ScriptedRecogniser.Connection first = primary.last();
        first.says(0, 4000, "");
        first.listener.finalResult(words(word("one", 4000, 4500)));
        first.listener.partial(words(word("tw", 4600, 4900)));
        gate.breaksDown();
        first.isLost();

        assertThat(call.status().state()).isEqualTo(State.FALLBACK);
        assertThat(call.status().provider()).isEqualTo("stand-in");
        long replayedMillis = 6000 - 4000 + 150;
        ScriptedRecogniser.Connection second = standIn.last();
        assertThat((long) second.heard.size()).isEqualTo(replayedMillis * RATE / 1000 * 2);
        second.listener.finalResult(words(word("one", 120, 640), word("two", 700, 1150)));
        assertThat(call.said()).isEqualTo("one two");
        assertThat(call.all(Gap.class)).isEmpty();
    }

    @Test
    void newCallsComeBackWhenTheBreakerClosesAndTakenOnesStay() {
        gate.share(100, true);
        gate.breaksDown();
        Call taken = gate.call();
        assertThat(taken.status().state()).isEqualTo(State.FALLBACK);
        primary.refuses(null);
        gate.passes(GateOptions.DEFAULT_OPEN_FOR.plusMillis(100));
        for (int i = 0; i < GateOptions.DEFAULT_PROBES; i++) {
            assertThat(gate.call().status().state()).isEqualTo(State.RECOGNISING);
            primary.last().says(0, 100, "hello");
        }
        assertThat(gate.call().states()).containsExactly(State.RECOGNISING);
        assertThat(taken.status().state()).isEqualTo(State.FALLBACK);
        standIn.last().isLost();
        gate.passes(SessionOptions.DEFAULT_RETRY_CAP);
        assertThat(taken.status().provider()).isEqualTo("stand-in");
    }

    @Test
    void theLongestBacklogGivesWayWhereAllTogetherAreTooLong() {
        int windowBytes = 2 * WINDOW_SAMPLES;
        gate.share(new BacklogBudget(15L * windowBytes));
        Call longest = gate.newCall().speaks(10);
        Call shorter = gate.newCall().speaks(7);
        gate.passes(Duration.ofSeconds(1));
        assertThat(shorter.all(Gap.class)).isEmpty();
        assertThat(longest.all(Gap.class)).extracting(Gap::startMillis).containsExactly(0L);
        assertThat(longest.all(Gap.class)).extracting(Gap::endMillis).containsExactly(200L);
        assertThat(longest.all(Gap.class).get(0).reason()).contains("all calls");

        primary.last().says(0, 700, "hello");
        longest.speaks(7);
        gate.passes(Duration.ofSeconds(1));
        assertThat(longest.all(Gap.class)).hasSize(1);
    }

    private static RecognisedSpan words(Word... words) {
        List<Word> all = List.of(words);
        return Shorthand.span(
                all.get(0).startMillis(),
                all.get(all.size() - 1).endMillis(),
                String.join(" ", all.stream().map(Word::text).toList()),
                null,
                0,
                true,
                all);
    }

    private static Word word(String text, long startMillis, long endMillis) {
        return new Word(text, text, startMillis, endMillis, null, null);
    }
}
