package io.rtaa.asr;

import io.rtaa.asr.CallTroubles.Kind;
import io.rtaa.asr.CallTroubles.Trouble;
import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioReceipt;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallInfo;
import io.rtaa.call.CallNote;
import io.rtaa.call.CallRelease;
import io.rtaa.call.CallResume;
import io.rtaa.call.CallStart;
import io.rtaa.call.KeepAlive;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent.Gap;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one recogniser in this process, a session for each stream.
 *
 * <p>Thread-safety: safe; the messages of one stream are to come in order.
 */
final class RecogniserSessions {

    private final Recognisers recognisers;
    private final SessionOptions options;
    private final SessionTime time;
    private final Map<StreamId, RecogniserSession> sessions = new ConcurrentHashMap<>();

    /** Sessions of legs that another leg follows, until all of theirs is published. */
    private final Map<RecogniserSession, StreamId> leaving = new ConcurrentHashMap<>();

    private final CutOffStreams cutOff = new CutOffStreams();
    private final AtomicInteger feeders = new AtomicInteger();
    private volatile @Nullable TranscriptSink sink;

    RecogniserSessions(Recognisers recognisers, SessionOptions options, SessionTime time) {
        this.recognisers = recognisers;
        this.options = options;
        this.time = time;
    }

    /** Sets where events go; null holds them back until there is a sink again. */
    void publishTo(@Nullable TranscriptSink newSink) {
        sink = newSink;
    }

    /** A route's end that hands audio over is there. */
    void feederStarted() {
        feeders.incrementAndGet();
    }

    /** Such an end is gone. */
    void feederStopped() {
        feeders.decrementAndGet();
    }

    /** Whether a route hands audio over. */
    boolean isFed() {
        return feeders.get() > 0;
    }

    /** Whether audio comes in and nobody reads what comes of it. */
    boolean isUnread() {
        return isFed() && sink == null;
    }

    /** Who recognises. */
    Recognisers recognisers() {
        return recognisers;
    }

    boolean hasSink() {
        return sink != null;
    }

    /** The streams that a predicate holds for. */
    int size(Predicate<StreamId> which) {
        return (int) Stream.concat(sessions.keySet().stream(), leaving.values().stream())
                .distinct()
                .filter(which)
                .count();
    }

    /** See {@link RecogniserSession#giveUp}. */
    void giveUp(String reason) {
        leaving.keySet().forEach(session -> session.giveUp(reason));
        sessions.values().forEach(session -> session.giveUp(reason));
    }

    /** This process stops: the spans of what runs are ended, or they would never be exported. */
    void endTraces() {
        leaving.keySet().forEach(RecogniserSession::endTrace);
        sessions.values().forEach(RecogniserSession::endTrace);
    }

    /** Words were recognised, and given up on their way to the bus. */
    void toldAsLost(Gap gap) {
        recognisers.meters().lost(Duration.ofMillis(gap.endMillis() - gap.startMillis()));
    }

    /** Hands a message to its stream's session and returns at once. */
    void accept(AudioMessage message, @Nullable AudioReceipt receipt) {
        if (message instanceof CallResume resume) {
            resume(resume, receipt);
            return;
        }
        if (message instanceof CallRelease release) {
            release(release.stream());
            return;
        }
        RecogniserSession running = sessions.get(message.stream());
        if (running != null && message.isOfEarlierLegThan(running.leg())) {
            dropFromEarlierSocket(message, running, receipt);
        } else if (message instanceof CallStart start) {
            start(start, running, receipt);
        } else if (message instanceof AudioWindow window) {
            // A window whose start was never seen is still somebody's words.
            session(window, running, receipt).audio(window, receipt);
        } else if (running == null || message.isOfLaterLegThan(running.leg())) {
            settle(receipt);
        } else if (message instanceof CallNote note) {
            running.note(note, receipt);
        } else if (message instanceof CallEnd end) {
            running.end(end, receipt);
        }
    }

    /**
     * Another socket has the stream. Sockets are told apart by when they began: where the clock of the later one's host is
     * behind, it is the later one that is dropped, and only this says so.
     */
    private void dropFromEarlierSocket(
            AudioMessage message, RecogniserSession running, @Nullable AudioReceipt receipt) {
        settle(receipt);
        recognisers
                .faults()
                .troubles()
                .happened(new Trouble(
                        Kind.EARLIER_SOCKET,
                        message.stream(),
                        "another one has taken its place; if its host's clock is behind, it is the later one that is dropped",
                        Map.of(
                                "began",
                                Instant.ofEpochMilli(message.leg()),
                                "other_began",
                                Instant.ofEpochMilli(running.leg()))));
    }

    private static void settle(@Nullable AudioReceipt receipt) {
        if (receipt != null) {
            receipt.settle();
        }
    }

    /** Looks at what waits for time to pass, and lets go of streams that are over. */
    void tick() {
        recognisers.probe();
        sessions.forEach((stream, session) -> {
            if (session.isOver()) {
                // First: a leg that follows finds the session or its end.
                cutOff.remember(session.ended());
                sessions.remove(stream, session);
            } else {
                session.tick();
            }
        });
        leaving.forEach((session, stream) -> {
            if (session.isOver()) {
                leaving.remove(session);
            } else {
                session.tick();
            }
        });
    }

    private void start(CallStart start, @Nullable RecogniserSession running, @Nullable AudioReceipt receipt) {
        if (running != null && !running.isOver() && !start.isOfLaterLegThan(running.leg())) {
            running.learnLeg(start);
            settle(receipt);
            return;
        }
        open(start.info(), running).start(receipt);
    }

    /** Opens the session of a leg, after the one of the leg before it. */
    private RecogniserSession open(CallInfo leg, @Nullable RecogniserSession before) {
        CallInfo info = leg;
        if (before != null) {
            CallInfo following = before.followedBy(leg);
            info = leg.before() == null ? following : leg;
            leaving.put(before, leg.stream());
        } else if (leg.before() == null) {
            info = cutOff.goesOn(leg);
        }
        SpeakerNumbers speakers = before == null || info.before() == null
                ? new SpeakerNumbers(info.speakersBefore())
                : before.speakersOfNextLeg();
        RecogniserSession fresh = new RecogniserSession(
                info, recognisers, options, time, speakers, new SinkAfter(before, () -> sink, time));
        sessions.put(leg.stream(), fresh);
        return fresh;
    }

    /** What this process knew of the stream from an earlier time is out of date. */
    private void resume(CallResume resume, @Nullable AudioReceipt receipt) {
        release(resume.stream());
        open(resume.info(), null).resume(resume, receipt);
    }

    private void release(StreamId stream) {
        cutOff.forget(stream);
        leaving.forEach((session, left) -> {
            if (left.equals(stream)) {
                leaving.remove(session);
                session.release();
            }
        });
        RecogniserSession given = sessions.remove(stream);
        if (given != null) {
            given.release();
        }
    }

    /** Signs that the streams are here of which nothing was published for so long. */
    List<KeepAlive> keepAlives(Duration quietAfter) {
        return sessions.values().stream()
                .map(session -> session.keepAlive(quietAfter))
                .filter(Objects::nonNull)
                .toList();
    }

    /** How each stream is recognised. */
    List<Recognition> recognitions() {
        return sessions.values().stream().map(RecogniserSession::recognition).toList();
    }

    /** How a stream is recognised; null where it is not in this process. */
    @Nullable
    Recognition recognition(StreamId stream) {
        RecogniserSession session = sessions.get(stream);
        return session == null ? null : session.recognition();
    }

    /** The most audio, in milliseconds, that a stream has which is not final. */
    long worstLagMillis() {
        return sessions.values().stream()
                .mapToLong(RecogniserSession::lagMillis)
                .max()
                .orElse(0);
    }

    /** Streams that get speech. */
    int speaking() {
        return count(SpeechWatch::getsSpeech);
    }

    /** Streams that get speech and no transcript. */
    int unheard() {
        return count(SpeechWatch::isUnheard);
    }

    private int count(Predicate<SpeechWatch> what) {
        int count = 0;
        for (RecogniserSession session : sessions.values()) {
            if (what.test(session.speech())) {
                count++;
            }
        }
        return count;
    }

    private RecogniserSession session(
            AudioWindow window, @Nullable RecogniserSession running, @Nullable AudioReceipt receipt) {
        if (running != null && !window.isOfLaterLegThan(running.leg())) {
            return running;
        }
        long leg = window.leg();
        RecogniserSession fresh = open(
                new CallInfo(
                        window.stream(),
                        null,
                        null,
                        null,
                        null,
                        window.sampleRate(),
                        leg == 0 ? time.epochMillis() : leg,
                        leg,
                        null,
                        null,
                        null),
                running);
        fresh.startUnannounced(receipt);
        return fresh;
    }
}
