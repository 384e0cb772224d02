package io.rtaa.asr;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.call.AudioOrigin;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallInfo;
import io.rtaa.call.EndReason;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.tracing.CallTracing;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A session with its clocks, its recogniser and its sink in the hands of a test. */
abstract class SessionFixture {

    static final StreamId STREAM = new StreamId("acme", "s1");
    static final int RATE = 8000;
    static final CallInfo INFO = new CallInfo(STREAM, null, "s1", null, null, RATE, 1_763_800_000_000L);
    static final int WINDOW_MILLIS = 100;
    static final int WINDOW_BYTES = 1600;

    CallInfo info = INFO;
    CallTracing tracing = CallTracing.OFF;
    final List<TranscriptEvent> events = new ArrayList<>();
    final List<@Nullable AudioOrigin> origins = new ArrayList<>();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final SessionFaults faults = new SessionFaults(new AsrMeters(meters), SessionTime.system());
    final Deque<Consumer<Throwable>> unanswered = new ArrayDeque<>();
    boolean answersAtOnce = true;
    long nowNanos;
    ScriptedRecogniser recogniser = new ScriptedRecogniser(Double.POSITIVE_INFINITY);
    long nextNumber = 1;
    long nextSample;

    final TranscriptSink sink = (event, origin, receipt, published) -> {
        events.add(event);
        origins.add(origin);
        Consumer<Throwable> answer = failure -> {
            if (receipt != null && failure == null) {
                receipt.settle();
            }
            published.accept(failure);
        };
        if (answersAtOnce) {
            answer.accept(null);
        } else {
            unanswered.add(answer);
        }
    };

    RecogniserSession unstarted(SessionOptions options) {
        return unstarted(options, sink);
    }

    RecogniserSession unstarted(SessionOptions options, TranscriptSink target) {
        SessionTime time = new SessionTime(
                Clock.fixed(Instant.ofEpochMilli(1_763_800_000_000L), ZoneOffset.UTC), () -> nowNanos, new Random(1));
        return new RecogniserSession(
                info,
                new Recognisers(
                        new ProviderGate(recogniser, GateOptions.DEFAULTS, time),
                        null,
                        new BacklogBudget(Runtime.getRuntime().maxMemory()),
                        new AsrMeters(meters),
                        faults,
                        tracing),
                options,
                time,
                new SpeakerNumbers(0),
                () -> target);
    }

    RecogniserSession session(SessionOptions options) {
        RecogniserSession session = unstarted(options);
        session.start(null);
        return session;
    }

    RecogniserSession session() {
        return session(SessionOptions.DEFAULTS);
    }

    AudioWindow window() {
        byte[] pcm = new byte[WINDOW_BYTES];
        Arrays.fill(pcm, (byte) nextNumber);
        AudioWindow window = new AudioWindow(STREAM, nextNumber++, nextSample, RATE, pcm);
        nextSample = window.endSample();
        return window;
    }

    void speak(RecogniserSession session, int windows) {
        for (int i = 0; i < windows; i++) {
            session.audio(window(), null);
        }
    }

    void hangUp(RecogniserSession session) {
        session.end(new CallEnd(STREAM, nextNumber, nextSample, EndReason.CALLENDED, 0), null);
    }

    /** Time passes, and the session looks at it often enough. */
    void passes(RecogniserSession session, Duration time) {
        long endNanos = nowNanos + time.toNanos();
        do {
            nowNanos = Math.min(endNanos, nowNanos + AwakeTime.STANDSTILL.toNanos());
            session.tick();
        } while (nowNanos < endNanos);
    }

    /** Time passes in which nothing of this process runs. */
    void standsStill(RecogniserSession session, Duration time) {
        nowNanos += time.toNanos();
        session.tick();
    }

    <E extends TranscriptEvent> List<E> all(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    static long bytes(long audioMillis) {
        return audioMillis * RATE / 1000 * 2;
    }

    void answerAll() {
        while (!unanswered.isEmpty()) {
            unanswered.remove().accept(null);
        }
    }
}
