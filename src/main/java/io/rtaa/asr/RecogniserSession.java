package io.rtaa.asr;

import io.rtaa.asr.ProviderGate.Passage;
import io.rtaa.call.AudioFormat;
import io.rtaa.call.AudioReceipt;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallInfo;
import io.rtaa.call.TranscriptEvent.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One stream's way through a recogniser: takes its audio in order, keeps what is not final, and speaks to the recogniser over
 * one connection after another.
 *
 * <pre>
 *              first audio            opened
 *     IDLE ───────────────▶ CONNECTING ─────▶ STREAMING ──── end sent ───▶ DRAINING
 *                           ▲  ▲   │ lost         │ lost                      │ closed
 *                 wait over │  │   ▼              ▼                           ▼
 *                           │  RETRYING ◀─────────┘                         ENDED
 *             leave or place│
 *                           WAITING  (no leave, no place, or the provider refuses; audio is kept)
 *
 *     FAILED   the stream itself was refused: audio is no longer kept, its loss is told at the end
 * </pre>
 *
 * Where the stream goes, to its provider or to the one that stands in for it, is {@link Admission}'s to say.
 * A connection that is lost while draining is retried like any other. What a recogniser says on a connection that was given
 * up is not heard.
 *
 * <p>Thread-safety: every package-visible method may be called from any thread and returns at once; the work is done one task
 * after another by a {@link SerialExecutor}. For one stream, messages are to be handed over in order.
 */
final class RecogniserSession {

    private static final Logger LOG = LoggerFactory.getLogger(RecogniserSession.class);

    /** Audio kept behind the cursor: a replay begins at most so far back. Longer than any word that could lie across it. */
    static final long REPLAY_BEHIND_MILLIS = 2000;

    /** How soon a stream that waits asks again, at the latest; that costs a look at the gate, and no connection. */
    static final Duration ASK_AGAIN = Duration.ofSeconds(2);

    /** How soon a stream that its provider refused asks again: keys may have been put right meanwhile. */
    static final Duration ASK_AGAIN_AFTER_REFUSAL = Duration.ofSeconds(5);

    private enum Phase {
        IDLE,
        CONNECTING,
        STREAMING,
        DRAINING,
        RETRYING,
        WAITING,
        FAILED,
        ENDED
    }

    private final CallInfo info;
    private final Admission admission;
    private final BacklogLimits limits;
    private final SessionOptions options;
    private final SessionTime time;
    private final SerialExecutor tasks = new SerialExecutor();
    private final EventOutbox outbox;
    private final Transcript transcript;
    private final AudioBacklog backlog;
    private final BackOff backOff;

    private Phase phase = Phase.IDLE;
    private @Nullable Attempt attempt;
    private long phaseDeadlineNanos;
    private @Nullable CallEnd end;
    private @Nullable AudioReceipt endReceipt;
    private @Nullable String failedBecause;
    /** Why the provider refuses, told as a failure and not taken back yet. */
    private @Nullable String refusedBecause;

    private @Nullable String lastFailure;
    private long lastProgressNanos;
    private long failedFromSample;
    private volatile boolean over;

    RecogniserSession(
            CallInfo info,
            Recognisers recognisers,
            SessionOptions options,
            SessionTime time,
            Supplier<@Nullable TranscriptSink> sink) {
        this.info = info;
        this.admission =
                new Admission(recognisers.primary(), recognisers.standIn(), () -> tasks.execute(this::onPlaceFree));
        this.options = options;
        this.time = time;
        this.backlog = new AudioBacklog(AudioFormat.samples(REPLAY_BEHIND_MILLIS, info.sampleRate()));
        this.outbox = new EventOutbox(tasks, sink, this::onPublished);
        this.transcript = new Transcript(info, outbox, time, options);
        this.limits = new BacklogLimits(
                backlog,
                options.keepAudio(),
                info.sampleRate(),
                recognisers.budget().join(bytes -> tasks.execute(() -> onOverBudget(bytes))),
                this::tellLoss);
        this.backOff = new BackOff(options.retryBase(), options.retryCap(), time.random());
    }

    /** The stream began. */
    void start(@Nullable AudioReceipt receipt) {
        tasks.execute(() -> transcript.started(receipt == null ? List.of() : List.of(receipt)));
    }

    /** Some audio came. */
    void audio(AudioWindow window, @Nullable AudioReceipt receipt) {
        tasks.execute(() -> onAudio(window, receipt));
    }

    /** The stream is over. */
    void end(CallEnd callEnd, @Nullable AudioReceipt receipt) {
        tasks.execute(() -> onEnd(callEnd, receipt));
    }

    /** Time passed: whatever waits for it is looked at. Called every few dozen milliseconds. */
    void tick() {
        tasks.execute(this::onTick);
    }

    /** Whether the stream has ended and everything about it is published. */
    boolean isOver() {
        return over;
    }

    private void onAudio(AudioWindow window, @Nullable AudioReceipt receipt) {
        if (end != null) {
            settleNow(receipt);
            return;
        }
        transcript.gap(backlog.add(window, receipt), "audio missing on its way to the recogniser");
        if (phase == Phase.FAILED) {
            outbox.settle(backlog.release());
            return;
        }
        limits.apply();
        if (phase == Phase.IDLE) {
            connect(admission.ask());
        }
        pump();
    }

    private void onEnd(CallEnd callEnd, @Nullable AudioReceipt receipt) {
        if (end != null) {
            settleNow(receipt);
            return;
        }
        end = callEnd;
        endReceipt = receipt;
        lastProgressNanos = time.nanos();
        transcript.gap(
                new AudioBacklog.Hole(backlog.head(), callEnd.totalSamples()),
                "audio missing on its way to the recogniser");
        if (phase == Phase.IDLE || phase == Phase.FAILED) {
            finish(null);
        } else {
            pump();
        }
    }

    private void onTick() {
        outbox.publishNext();
        transcript.tick();
        long now = time.nanos();
        boolean due = now - phaseDeadlineNanos >= 0;
        Attempt current = attempt;
        RecogniserFailure frozen = current == null ? null : current.frozen();
        if (isBetweenConnections() && isTooLate(now)) {
            finish(lastFailure == null ? admission.whyNotPrimary() : lastFailure);
        } else if (isBetweenConnections() && due) {
            connect(admission.ask());
        } else if (phase == Phase.DRAINING && due) {
            finish("the recogniser did not finish within "
                    + options.drainTimeout().toSeconds() + " s of the end of the stream");
        } else if (frozen != null) {
            lost(frozen);
        }
        pump();
    }

    private boolean isBetweenConnections() {
        return phase == Phase.RETRYING || phase == Phase.WAITING;
    }

    /** Whether the stream is over and nothing came of it for so long that no more is to be hoped for. */
    private boolean isTooLate(long now) {
        return end != null && now - lastProgressNanos >= options.drainTimeout().toNanos();
    }

    private void onPlaceFree() {
        if (phase == Phase.WAITING) {
            connect(admission.ask());
        }
    }

    private void onPublished() {
        over = phase == Phase.ENDED && outbox.isIdle();
        pump();
    }

    // ---------------------------------------------------------------- to the recogniser

    /** Opens a connection; waits where there is no leave to. */
    private void connect(@Nullable Passage passage) {
        if (passage == null) {
            await();
            return;
        }
        phase = Phase.CONNECTING;
        backlog.rewind(replayFrom());
        Attempt fresh = new Attempt(info.sampleRate(), passage, time, transcript.published(), new Ears());
        attempt = fresh;
        fresh.open(new RecogniserRequest(info));
    }

    private void await() {
        if (phase != Phase.WAITING && refusedBecause == null) {
            status(State.WAITING, admission.whyNotPrimary());
        }
        phase = Phase.WAITING;
        askAgainWithin(refusedBecause == null ? ASK_AGAIN : ASK_AGAIN_AFTER_REFUSAL);
    }

    /** Not all at the same time: those that wait for one provider would come back together. */
    private void askAgainWithin(Duration most) {
        phaseDeadlineNanos =
                time.nanos() + (long) (most.toNanos() * (1 + time.random().nextDouble()) / 2);
    }

    private long replayFrom() {
        long furthest = backlog.cursor() - AudioFormat.samples(REPLAY_BEHIND_MILLIS, info.sampleRate());
        long millis = transcript.replayFromMillis();
        return millis == Long.MAX_VALUE ? furthest : Math.max(furthest, AudioFormat.samples(millis, info.sampleRate()));
    }

    /** Sends what may be sent now, and the end once everything is out. */
    private void pump() {
        Attempt current = attempt;
        if (phase != Phase.STREAMING || current == null) {
            return;
        }
        while (outbox.size() < options.eventLimit()) {
            AudioWindow next = backlog.nextUnsent();
            if (next == null) {
                break;
            }
            if (!current.trySend(next)) {
                return;
            }
            backlog.markSent(next);
        }
        if (end != null && !backlog.hasUnsent()) {
            phase = Phase.DRAINING;
            phaseDeadlineNanos = time.nanos() + options.drainTimeout().toNanos();
            current.end();
        }
    }

    private void lost(RecogniserFailure failure) {
        boolean nothingLeft = phase == Phase.DRAINING && backlog.unfinalSamples() == 0;
        giveUpConnection(failure);
        transcript.dropPartial();
        lastFailure = failure.reason();
        boolean known = refusedBecause != null && failure.kind() == RecogniserFailure.Kind.PROVIDER_REFUSES;
        LOG.atLevel(known ? Level.DEBUG : Level.WARN)
                .addKeyValue("interaction_id", info.stream().interactionId())
                .addKeyValue("tenant_id", info.stream().tenantId())
                .addKeyValue("provider", admission.provider())
                .addKeyValue("kind", failure.kind())
                .log("recogniser lost: {}", failure.reason());
        if (nothingLeft) {
            finish(null);
        } else if (failure.kind() == RecogniserFailure.Kind.RETRYABLE) {
            retry(failure.reason());
        } else if (failure.kind() == RecogniserFailure.Kind.PROVIDER_REFUSES || admission.isAtStandIn()) {
            refused(failure.reason());
        } else {
            fail(failure.reason());
        }
    }

    private void retry(String reason) {
        phase = Phase.RETRYING;
        refusedBecause = null;
        if (admission.isBetterElsewhere()) {
            connect(admission.ask());
        } else {
            phaseDeadlineNanos = time.nanos() + backOff.next().toNanos();
            status(State.RETRYING, reason);
        }
    }

    /** Whoever was asked will not take the stream as things are: asks the other one, or waits for things to change. */
    private void refused(String reason) {
        Passage other = admission.refused(reason);
        if (other == null && refusedBecause == null) {
            refusedBecause = reason;
            status(State.FAILED, reason);
        }
        connect(other);
    }

    private void fail(String reason) {
        phase = Phase.FAILED;
        failedBecause = reason;
        failedFromSample = backlog.cursor();
        status(State.FAILED, reason);
        outbox.settle(backlog.release());
        leave();
        if (end != null) {
            finish(null);
        }
    }

    /** Others may have what this stream took of what all share. */
    private void leave() {
        admission.leave();
        limits.leave();
    }

    private void giveUpConnection(@Nullable RecogniserFailure failure) {
        Attempt current = attempt;
        attempt = null;
        if (current != null) {
            current.abort(failure);
        }
    }

    private void tellLoss(AudioBacklog.Hole hole, List<AudioReceipt> receipts, String reason) {
        transcript.gap(hole, reason);
        outbox.settle(receipts);
    }

    private void onOverBudget(long excessBytes) {
        if (phase != Phase.FAILED && phase != Phase.ENDED) {
            limits.drop(excessBytes);
        }
    }

    /**
     * Ends the stream.
     *
     * @param undone why what was left could not be recognised; null where nothing was left
     */
    private void finish(@Nullable String undone) {
        CallEnd callEnd = end;
        if (callEnd == null || phase == Phase.ENDED) {
            return;
        }
        phase = Phase.ENDED;
        giveUpConnection(null);
        transcript.dropPartial();
        if (failedBecause != null) {
            transcript.gap(new AudioBacklog.Hole(failedFromSample, backlog.head()), failedBecause);
        } else if (undone != null) {
            transcript.gap(new AudioBacklog.Hole(backlog.cursor(), backlog.head()), undone);
        }
        List<AudioReceipt> receipts = new ArrayList<>(backlog.release());
        leave();
        if (endReceipt != null) {
            receipts.add(endReceipt);
        }
        transcript.ended(callEnd, receipts);
    }

    private void status(State state, @Nullable String reason) {
        transcript.status(state, admission.provider(), reason);
    }

    private static void settleNow(@Nullable AudioReceipt receipt) {
        if (receipt != null) {
            receipt.settle();
        }
    }

    // ---------------------------------------------------------------- from the recogniser

    /** Brings what a recogniser says into the session's tasks, as long as its connection is the present one. */
    private final class Ears implements Attempt.Ears {

        @Override
        public void hear(Attempt from, Runnable what) {
            tasks.execute(() -> {
                if (attempt == from) {
                    what.run();
                }
            });
        }

        @Override
        public void opened() {
            phase = Phase.STREAMING;
            refusedBecause = null;
            lastFailure = null;
            status(admission.isAtStandIn() ? State.FALLBACK : State.RECOGNISING, admission.whyNotPrimary());
            pump();
        }

        @Override
        public void partial(RecognisedSpan span, @Nullable ReplayCut cut) {
            transcript.partial(span, cut);
        }

        @Override
        public void finalResult(RecognisedSpan span, long endSample, @Nullable ReplayCut cut) {
            // A connection that delivers is a good one; one that only opens may be dropped again at once.
            backOff.reset();
            lastProgressNanos = time.nanos();
            transcript.finalResult(span, cut, backlog.advance(endSample));
            limits.apply();
        }

        @Override
        public void utteranceEnd() {
            transcript.utteranceEnd();
        }

        @Override
        public void closed(@Nullable RecogniserFailure failure) {
            if (failure == null && phase == Phase.DRAINING) {
                finish(null);
            } else {
                lost(
                        failure == null
                                ? new RecogniserFailure(
                                        RecogniserFailure.Kind.RETRYABLE,
                                        "the recogniser closed the connection unasked")
                                : failure);
            }
        }
    }
}
