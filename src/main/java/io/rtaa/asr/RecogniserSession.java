package io.rtaa.asr;

import io.rtaa.call.AudioFormat;
import io.rtaa.call.AudioReceipt;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallInfo;
import io.rtaa.call.TranscriptEvent.State;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream's way through a recogniser: takes its audio in order, keeps what is not final, and speaks to the recogniser over
 * one connection after another.
 *
 * <pre>
 *              first audio            opened
 *     IDLE ───────────────▶ CONNECTING ─────▶ STREAMING ──── end sent ───▶ DRAINING
 *                            ▲      │            │                            │
 *                 wait over  │      │ lost       │ lost                       │ closed
 *                            │      ▼            ▼                            ▼
 *                           RETRYING ◀───────────┘                          ENDED
 *                              │ refused for good
 *                              ▼
 *                            FAILED   (audio is no longer kept; its loss is told at the end)
 * </pre>
 *
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

    private enum Phase {
        IDLE,
        CONNECTING,
        STREAMING,
        DRAINING,
        RETRYING,
        FAILED,
        ENDED
    }

    private final CallInfo info;
    private final RecogniserProvider provider;
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
    private long failedFromSample;
    private volatile boolean over;

    RecogniserSession(
            CallInfo info,
            RecogniserProvider provider,
            SessionOptions options,
            SessionTime time,
            Supplier<@Nullable TranscriptSink> sink) {
        this.info = info;
        this.provider = provider;
        this.options = options;
        this.time = time;
        this.backlog = new AudioBacklog(AudioFormat.samples(REPLAY_BEHIND_MILLIS, info.sampleRate()));
        this.outbox = new EventOutbox(tasks, sink, this::onPublished);
        this.transcript = new Transcript(info, outbox, time, options);
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
        keepWithinLimit();
        if (phase == Phase.IDLE) {
            connect();
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
        Attempt current = attempt;
        if (phase == Phase.RETRYING && now - phaseDeadlineNanos >= 0) {
            connect();
        } else if (phase == Phase.DRAINING && now - phaseDeadlineNanos >= 0) {
            finish("the recogniser did not finish within "
                    + options.drainTimeout().toSeconds() + " s of the end of the stream");
        } else if (current != null && current.isFrozen()) {
            lost(new RecogniserFailure(
                    RecogniserFailure.Kind.RETRYABLE,
                    "the recogniser took audio and said nothing for "
                            + provider.frozenAfter().toSeconds() + " s"));
        }
        pump();
    }

    private void onPublished() {
        over = phase == Phase.ENDED && outbox.isIdle();
        pump();
    }

    // ---------------------------------------------------------------- to the recogniser

    private void connect() {
        phase = Phase.CONNECTING;
        backlog.rewind(replayFrom());
        Attempt fresh = new Attempt(info.sampleRate(), provider, time, transcript.published(), new Ears());
        attempt = fresh;
        fresh.open(new RecogniserRequest(info));
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
        giveUpConnection();
        transcript.dropPartial();
        LOG.atWarn()
                .addKeyValue("interaction_id", info.stream().interactionId())
                .addKeyValue("tenant_id", info.stream().tenantId())
                .addKeyValue("provider", provider.name())
                .addKeyValue("kind", failure.kind())
                .log("recogniser lost: {}", failure.reason());
        if (nothingLeft) {
            finish(null);
        } else if (failure.kind() == RecogniserFailure.Kind.RETRYABLE) {
            phase = Phase.RETRYING;
            phaseDeadlineNanos = time.nanos() + backOff.next().toNanos();
            status(State.RETRYING, failure.reason());
        } else {
            fail(failure.reason());
        }
    }

    private void fail(String reason) {
        phase = Phase.FAILED;
        failedBecause = reason;
        failedFromSample = backlog.cursor();
        status(State.FAILED, reason);
        outbox.settle(backlog.release());
        if (end != null) {
            finish(null);
        }
    }

    private void giveUpConnection() {
        Attempt current = attempt;
        attempt = null;
        if (current != null) {
            current.abort();
        }
    }

    private void keepWithinLimit() {
        long mostSamples = AudioFormat.samples(options.keepAudio().toMillis(), info.sampleRate());
        if (backlog.unfinalSamples() <= mostSamples) {
            return;
        }
        List<AudioReceipt> receipts = new ArrayList<>();
        transcript.gap(
                backlog.dropBeyond(mostSamples, receipts),
                "no final for more than " + options.keepAudio().toSeconds() + " s of audio, the most that is kept");
        outbox.settle(receipts);
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
        giveUpConnection();
        transcript.dropPartial();
        if (failedBecause != null) {
            transcript.gap(new AudioBacklog.Hole(failedFromSample, backlog.head()), failedBecause);
        } else if (undone != null) {
            transcript.gap(new AudioBacklog.Hole(backlog.cursor(), backlog.head()), undone);
        }
        List<AudioReceipt> receipts = new ArrayList<>(backlog.release());
        if (endReceipt != null) {
            receipts.add(endReceipt);
        }
        transcript.ended(callEnd, receipts);
    }

    private void status(State state, @Nullable String reason) {
        transcript.status(state, provider.name(), reason);
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
            status(State.RECOGNISING, null);
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
            transcript.finalResult(span, cut, backlog.advance(endSample));
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
