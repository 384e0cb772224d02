package io.rtaa.asr;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.asr.RecogniserFailure.Kind;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallInfo;
import io.rtaa.call.EndReason;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.call.TranscriptEvent.State;
import io.rtaa.call.TranscriptEvent.Status;
import io.rtaa.call.Word;
import io.rtaa.testsupport.Shorthand;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecogniserGateTest {

    private static final int RATE = 8000;
    private static final int WINDOW_SAMPLES = 800;
    private static final RecogniserFailure UNREACHABLE = new RecogniserFailure(Kind.RETRYABLE, "out of order (503)");
    private static final RecogniserFailure WRONG_KEY = new RecogniserFailure(Kind.PROVIDER_REFUSES, "wrong key (401)");
    private static final RecogniserFailure WRONG_SETTINGS =
            new RecogniserFailure(Kind.SETTINGS_REFUSED, "wrong settings (400)");
    private static final RecogniserFailure FULL = new RecogniserFailure(Kind.STREAM_REFUSED, "full: 2 of 2 calls");

    private long nowNanos;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final SessionTime time = new SessionTime(
            Clock.fixed(Instant.ofEpochMilli(1_763_800_000_000L), ZoneOffset.UTC), () -> nowNanos, new Random(1));
    private final ScriptedRecogniser primary = new ScriptedRecogniser("primary");
    private final ScriptedRecogniser standIn = new ScriptedRecogniser("stand-in");
    private final List<Call> calls = new ArrayList<>();
    private Recognisers recognisers = shared(100, false);

    private Recognisers shared(int maxSessions, boolean withStandIn) {
        GateOptions options = GateOptions.DEFAULTS.withMaxSessions(maxSessions);
        return new Recognisers(
                new ProviderGate(primary, options, time),
                withStandIn ? new ProviderGate(standIn, options, time) : null,
                new BacklogBudget(Long.MAX_VALUE),
                new AsrMeters(meters),
                new SessionFaults(new AsrMeters(meters), SessionTime.system()));
    }

    /** A call, what was told of it, and how far it has spoken. */
    private final class Call {
        final StreamId stream = new StreamId("acme", "s" + calls.size());
        final List<TranscriptEvent> events = new ArrayList<>();
        final RecogniserSession session;
        private long windows;

        Call() {
            TranscriptSink sink = (event, origin, receipt, published) -> {
                events.add(event);
                published.accept(null);
            };
            CallInfo info = new CallInfo(stream, null, stream.interactionId(), null, null, RATE, 1_763_800_000_000L);
            session = new RecogniserSession(
                    info, recognisers, SessionOptions.DEFAULTS, time, new SpeakerNumbers(0), () -> sink);
            session.start(null);
            calls.add(this);
        }

        Call speaks(int count) {
            for (int i = 0; i < count; i++) {
                session.audio(
                        new AudioWindow(
                                stream, windows + 1, windows * WINDOW_SAMPLES, RATE, new byte[2 * WINDOW_SAMPLES]),
                        null);
                windows++;
            }
            return this;
        }

        void hangsUp() {
            session.end(new CallEnd(stream, windows + 1, windows * WINDOW_SAMPLES, EndReason.CALLENDED, 0), null);
        }

        <E extends TranscriptEvent> List<E> all(Class<E> type) {
            return events.stream().filter(type::isInstance).map(type::cast).toList();
        }

        List<State> states() {
            return all(Status.class).stream().map(Status::state).toList();
        }

        Status status() {
            List<Status> told = all(Status.class);
            return told.get(told.size() - 1);
        }

        String said() {
            return String.join(" ", all(Final.class).stream().map(Final::text).toList());
        }
    }

    private Call call() {
        return new Call().speaks(1);
    }

    private void passes(Duration duration) {
        for (long left = duration.toMillis(); left > 0; left -= 100) {
            nowNanos += Duration.ofMillis(Math.min(100, left)).toNanos();
            calls.forEach(call -> call.session.tick());
        }
    }

    /** Opens the breaker: as many calls as it takes lose their connections at once. */
    private void breaksDown() {
        primary.refuses(UNREACHABLE);
        for (int i = 0; i < GateOptions.DEFAULT_FAILURES_LEAST; i++) {
            call();
        }
        assertThat(recognisers.primary().isShut()).isTrue();
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

    @Test
    void callsBeyondTheLimitWaitAndFollowInTheirOrder() {
        recognisers = shared(2, false);
        Call first = call();
        Call second = call();
        Call third = call().speaks(9);
        Call fourth = call();
        assertThat(primary.connections).hasSize(2);
        assertThat(third.status().state()).isEqualTo(State.WAITING);
        assertThat(third.status().reason()).isEqualTo("primary has no room: all 2 places are taken");

        passes(Duration.ofSeconds(10));
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
    void aRefusalThatIsOverIsNoLongerShownWhileTheCallWaitsForSomethingElse() {
        recognisers = shared(1, false);
        call();
        primary.isKnownToRefuse(new RecogniserRefusal(Instant.EPOCH, "wrong key (401)"));
        Call second = call();
        assertThat(second.states()).containsExactly(State.FAILED);

        primary.isKnownToRefuse(null);
        passes(Waits.ASK_AGAIN.plusSeconds(1));

        assertThat(second.states()).containsExactly(State.FAILED, State.WAITING);
        assertThat(second.status().reason()).isEqualTo("primary has no room: all 1 places are taken");
    }

    @Test
    void aCallThatIsRefusedForGoodStaysSoWhileItsStandInRefusesAll() {
        recognisers = shared(100, true);
        primary.refuses(WRONG_SETTINGS);
        standIn.refuses(WRONG_KEY);
        Call call = call();
        passes(Waits.ASK_AGAIN.multipliedBy(3));

        assertThat(call.states()).containsExactly(State.FAILED);
    }

    @Test
    void aCallKeepsItsPlaceWhileItReconnects() {
        recognisers = shared(1, false);
        Call first = call();
        Call second = call();
        primary.last().isLost();
        assertThat(second.states()).containsExactly(State.WAITING);
        passes(SessionOptions.DEFAULT_RETRY_CAP);
        assertThat(first.status().state()).isEqualTo(State.RECOGNISING);
        assertThat(second.states()).containsExactly(State.WAITING);
    }

    @Test
    void whoHangsUpInLineIsNotServed() {
        recognisers = shared(1, false);
        Call first = call();
        Call second = call();
        Call third = call();
        second.hangsUp();
        passes(SessionOptions.DEFAULT_DRAIN_TIMEOUT);
        assertThat(second.all(Gap.class)).hasSize(1);
        assertThat(second.session.isOver()).isTrue();
        first.hangsUp();
        primary.last().closesWith(null);
        assertThat(third.status().state()).isEqualTo(State.RECOGNISING);
    }

    @Test
    void aFullRecogniserSendsTheNextCallToTheStandInAtOnce() {
        recognisers = shared(1, true);
        call();
        Call second = call();
        assertThat(second.states()).containsExactly(State.FALLBACK);
        assertThat(second.status().provider()).isEqualTo("stand-in");
        assertThat(second.status().reason()).contains("no room");
        assertThat(standIn.last().heard.size()).isEqualTo(2 * WINDOW_SAMPLES);
    }

    @Test
    void theBreakerOpensLetsAFewThroughAndCloses() {
        breaksDown();
        int asked = primary.connections.size();
        Call late = call();
        assertThat(late.status().state()).isEqualTo(State.WAITING);
        assertThat(late.status().reason()).contains("too many connections to primary failed");
        passes(GateOptions.DEFAULT_OPEN_FOR.minusMillis(200));
        assertThat(primary.connections).hasSize(asked);

        primary.refuses(null);
        passes(Waits.ASK_AGAIN.plusSeconds(10));
        assertThat(primary.connections).hasSize(asked + GateOptions.DEFAULT_PROBES);
        List.copyOf(primary.connections.subList(asked, asked + GateOptions.DEFAULT_PROBES))
                .forEach(probe -> probe.says(0, 100, "hello"));
        passes(Waits.ASK_AGAIN);
        assertThat(calls).allSatisfy(call -> assertThat(call.status().state()).isEqualTo(State.RECOGNISING));
        assertThat(calls).allSatisfy(call -> assertThat(call.all(Gap.class)).isEmpty());
    }

    @Test
    void theBreakerOpensAgainWhereTheProbesFail() {
        breaksDown();
        int asked = primary.connections.size();
        passes(GateOptions.DEFAULT_OPEN_FOR.plus(Waits.ASK_AGAIN));
        assertThat(primary.connections).hasSize(asked + GateOptions.DEFAULT_PROBES);
        assertThat(recognisers.primary().isShut()).isTrue();
    }

    @Test
    void aProbeThatIsNotNeededAnyMoreMakesRoomForAnother() {
        breaksDown();
        passes(GateOptions.DEFAULT_OPEN_FOR.minusSeconds(1));
        primary.refuses(null);
        passes(Waits.ASK_AGAIN.plusSeconds(10));
        int asked = primary.connections.size();
        for (Call call : calls) {
            if (call.status().state() == State.RECOGNISING) {
                call.hangsUp();
            }
        }
        passes(SessionOptions.DEFAULT_DRAIN_TIMEOUT);
        passes(Waits.ASK_AGAIN);
        assertThat(primary.connections).hasSizeGreaterThan(asked);
    }

    @Test
    void aStreamsOwnFailureSaysNothingAboutTheRecogniser() {
        primary.refuses(FULL);
        for (int i = 0; i < 20; i++) {
            assertThat(call().states()).containsExactly(State.FAILED);
        }
        primary.refuses(null);
        assertThat(call().states()).containsExactly(State.RECOGNISING);
    }

    @Test
    void theStandInTakesACallOverInMidSentenceWithNoWordLostOrDoubled() {
        recognisers = shared(100, true);
        Call call = new Call().speaks(60);
        ScriptedRecogniser.Connection first = primary.last();
        first.says(0, 4000, "");
        first.listener.finalResult(words(word("one", 4000, 4500)));
        first.listener.partial(words(word("tw", 4600, 4900)));
        breaksDown();
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
        recognisers = shared(100, true);
        breaksDown();
        Call taken = call();
        assertThat(taken.status().state()).isEqualTo(State.FALLBACK);
        primary.refuses(null);
        passes(GateOptions.DEFAULT_OPEN_FOR.plusMillis(100));
        for (int i = 0; i < GateOptions.DEFAULT_PROBES; i++) {
            assertThat(call().status().state()).isEqualTo(State.RECOGNISING);
            primary.last().says(0, 100, "hello");
        }
        assertThat(call().states()).containsExactly(State.RECOGNISING);
        assertThat(taken.status().state()).isEqualTo(State.FALLBACK);
        standIn.last().isLost();
        passes(SessionOptions.DEFAULT_RETRY_CAP);
        assertThat(taken.status().provider()).isEqualTo("stand-in");
    }

    @Test
    void aRefusalForGoodGoesToTheStandInAtOnceAndAsksOnce() {
        recognisers = shared(100, true);
        primary.refuses(WRONG_KEY);
        Call call = call();
        assertThat(primary.connections).hasSize(1);
        assertThat(call.states()).containsExactly(State.FALLBACK);
        assertThat(call.status().reason()).isEqualTo("wrong key (401)");
    }

    @Test
    void aStandInThatIsFullLeavesTheCallToThePrimary() {
        recognisers = shared(100, true);
        standIn.refuses(FULL);
        breaksDown();
        Call call = call().speaks(9);
        assertThat(call.states()).containsExactly(State.FAILED);
        assertThat(call.status().reason()).isEqualTo("full: 2 of 2 calls");
        primary.refuses(null);
        passes(GateOptions.DEFAULT_OPEN_FOR.plusSeconds(10));
        primary.connections.forEach(connection -> connection.says(0, 100, "hello"));
        passes(Waits.ASK_AGAIN);
        assertThat(call.status().state()).isEqualTo(State.RECOGNISING);
        assertThat(call.all(Gap.class)).isEmpty();
    }

    @Test
    void aKeyPutRightInMidCallLosesNothing() {
        primary.refuses(WRONG_KEY);
        Call call = new Call().speaks(10);
        passes(Duration.ofSeconds(20));
        assertThat(call.states()).containsExactly(State.FAILED);
        assertThat(call.status().reason()).isEqualTo("wrong key (401)");

        primary.refuses(null);
        passes(Waits.ASK_AGAIN);
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
            assertThat(call().states()).containsExactly(State.FAILED);
        }
        primary.refuses(null);
        assertThat(call().states()).containsExactly(State.RECOGNISING);
    }

    @Test
    void aCallThatIsRefusedLeavesItsPlaceToOthers() {
        recognisers = shared(1, false);
        primary.refuses(WRONG_KEY);
        assertThat(call().states()).containsExactly(State.FAILED);
        assertThat(recognisers.primary().places().taken()).isZero();
        primary.refuses(null);
        assertThat(call().states()).containsExactly(State.RECOGNISING);
    }

    @Test
    void aRecogniserThatIsKnownToRefuseIsAskedByNoCall() {
        primary.isKnownToRefuse(new RecogniserRefusal(Instant.EPOCH, "no credit (402)"));
        Call call = new Call().speaks(10);
        passes(Duration.ofSeconds(20));
        assertThat(primary.connections).isEmpty();
        assertThat(call.states()).containsExactly(State.FAILED);
        assertThat(call.status().reason()).isEqualTo("no credit (402)");

        primary.isKnownToRefuse(null);
        passes(Waits.ASK_AGAIN);
        assertThat(call.states()).containsExactly(State.FAILED, State.RECOGNISING);
        assertThat(primary.last().heard.size()).isEqualTo(10 * 2 * WINDOW_SAMPLES);
        assertThat(call.all(Gap.class)).isEmpty();
    }

    @Test
    void aRecogniserThatIsKnownToRefuseLeavesItsCallsToTheStandInAtOnce() {
        recognisers = shared(100, true);
        primary.isKnownToRefuse(new RecogniserRefusal(Instant.EPOCH, "no credit (402)"));
        Call call = call();
        assertThat(call.states()).containsExactly(State.FALLBACK);
        assertThat(call.status().reason()).isEqualTo("no credit (402)");
        assertThat(primary.connections).isEmpty();
    }

    @Test
    void aCallThatIsRefusedToTheLastTellsItsLossAndEnds() {
        primary.refuses(WRONG_KEY);
        Call call = new Call().speaks(10);
        call.hangsUp();
        passes(SessionOptions.DEFAULT_DRAIN_TIMEOUT);
        assertThat(call.all(Gap.class)).extracting(Gap::reason).containsExactly("wrong key (401)");
        assertThat(call.session.isOver()).isTrue();
    }

    @Test
    void settingsThatAreRefusedAreNotSentAgain() {
        primary.refuses(WRONG_SETTINGS);
        Call call = new Call().speaks(10);
        passes(Duration.ofSeconds(30));
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
            new Call().speaks(1);
        }
        primary.refuses(null);
        assertThat(new Call().speaks(1).states()).containsExactly(State.RECOGNISING);
    }

    @Test
    void settingsThatAreRefusedSendCallsToTheStandIn() {
        recognisers = shared(100, true);
        primary.refuses(WRONG_SETTINGS);
        Call call = new Call().speaks(10);
        assertThat(call.states()).containsExactly(State.FALLBACK);
        standIn.last().isLost();
        passes(Duration.ofSeconds(30));
        assertThat(primary.connections).hasSize(1);
        assertThat(call.states()).containsExactly(State.FALLBACK, State.RETRYING, State.FALLBACK);
    }

    @Test
    void aCallThatTheStandInHadNoKeyForComesBackToItLater() {
        recognisers = shared(100, true);
        primary.refuses(WRONG_SETTINGS);
        standIn.refuses(WRONG_KEY);
        Call call = new Call().speaks(10);
        assertThat(call.states()).containsExactly(State.FAILED);
        standIn.refuses(null);
        passes(Waits.ASK_AGAIN);
        assertThat(call.states()).containsExactly(State.FAILED, State.FALLBACK);
        assertThat(standIn.last().heard.size()).isEqualTo(10 * 2 * WINDOW_SAMPLES);
        assertThat(primary.connections).hasSize(1);
    }

    @Test
    void theLongestBacklogGivesWayWhereAllTogetherAreTooLong() {
        int windowBytes = 2 * WINDOW_SAMPLES;
        recognisers = new Recognisers(
                new ProviderGate(primary, GateOptions.DEFAULTS, time),
                null,
                new BacklogBudget(15L * windowBytes),
                new AsrMeters(meters),
                new SessionFaults(new AsrMeters(meters), SessionTime.system()));
        Call longest = new Call().speaks(10);
        Call shorter = new Call().speaks(7);
        passes(Duration.ofSeconds(1));
        assertThat(shorter.all(Gap.class)).isEmpty();
        assertThat(longest.all(Gap.class)).extracting(Gap::startMillis).containsExactly(0L);
        assertThat(longest.all(Gap.class)).extracting(Gap::endMillis).containsExactly(200L);
        assertThat(longest.all(Gap.class).get(0).reason()).contains("all calls");

        primary.last().says(0, 700, "hello");
        longest.speaks(7);
        passes(Duration.ofSeconds(1));
        assertThat(longest.all(Gap.class)).hasSize(1);
    }
}
