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
import io.rtaa.call.TranscriptEvent.State;
import io.rtaa.call.TranscriptEvent.Status;
import io.rtaa.tracing.CallTracing;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Calls that share a recogniser, and a stand-in if a test wants one, with their clock in the hands of the test. */
final class GateFixture {

    static final int RATE = 8000;
    static final int WINDOW_SAMPLES = 800;
    static final RecogniserFailure WRONG_KEY = new RecogniserFailure(Kind.PROVIDER_REFUSES, "wrong key (401)");
    static final RecogniserFailure WRONG_SETTINGS =
            new RecogniserFailure(Kind.SETTINGS_REFUSED, "wrong settings (400)");
    static final RecogniserFailure FULL = new RecogniserFailure(Kind.STREAM_REFUSED, "full: 2 of 2 calls");

    private static final RecogniserFailure UNREACHABLE = new RecogniserFailure(Kind.RETRYABLE, "out of order (503)");

    final ScriptedRecogniser primary = new ScriptedRecogniser("primary");
    final ScriptedRecogniser standIn = new ScriptedRecogniser("stand-in");
    final List<Call> calls = new ArrayList<>();
    private long nowNanos;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final SessionTime time = new SessionTime(
            Clock.fixed(Instant.ofEpochMilli(1_763_800_000_000L), ZoneOffset.UTC), () -> nowNanos, new Random(1));
    private Recognisers recognisers =
            shared(GateOptions.DEFAULTS.withMaxSessions(100), false, new BacklogBudget(Long.MAX_VALUE));

    /** A call, what was told of it, and how far it has spoken. */
    final class Call {
        final StreamId stream = new StreamId("acme", "s" + calls.size());
        final List<TranscriptEvent> events = new ArrayList<>();
        final RecogniserSession session;
        private long windows;

        private Call() {
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

    /** Gives the calls from now on a recogniser, and a stand-in if asked for, each with this limit of sessions. */
    void share(int maxSessions, boolean withStandIn) {
        recognisers = shared(
                GateOptions.DEFAULTS.withMaxSessions(maxSessions), withStandIn, new BacklogBudget(Long.MAX_VALUE));
    }

    /** Gives the calls from now on a recogniser with this budget for all their backlogs. */
    void share(BacklogBudget budget) {
        recognisers = shared(GateOptions.DEFAULTS, false, budget);
    }

    private Recognisers shared(GateOptions options, boolean withStandIn, BacklogBudget budget) {
        return new Recognisers(
                new ProviderGate(primary, options, time),
                withStandIn ? new ProviderGate(standIn, options, time) : null,
                budget,
                new AsrMeters(meters),
                new SessionFaults(new AsrMeters(meters), SessionTime.system()),
                CallTracing.OFF);
    }

    Recognisers recognisers() {
        return recognisers;
    }

    /** A call that has not spoken yet. */
    Call newCall() {
        return new Call();
    }

    /** A call that has spoken for one window. */
    Call call() {
        return new Call().speaks(1);
    }

    /** Time passes, and every call looks at it often enough. */
    void passes(Duration duration) {
        for (long left = duration.toMillis(); left > 0; left -= 100) {
            nowNanos += Duration.ofMillis(Math.min(100, left)).toNanos();
            calls.forEach(call -> call.session.tick());
        }
    }

    /** Opens the breaker: as many calls as it takes lose their connections at once. */
    void breaksDown() {
        primary.refuses(UNREACHABLE);
        for (int i = 0; i < GateOptions.DEFAULT_FAILURES_LEAST; i++) {
            call();
        }
        assertThat(recognisers.primary().isShut()).isTrue();
    }
}
