package io.rtaa.asr;

import io.rtaa.call.AudioFormat;
import io.rtaa.call.AudioReceipt;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallInfo;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.State;
import io.rtaa.call.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream's way through a recogniser: takes its audio in order, keeps what is not final, speaks to the recogniser over
 * one connection after another, and tells what was said in the stream's own time.
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
 * <p>Thread-safety: every public method may be called from any thread and returns at once; the work is done one task after
 * another by a {@link SerialExecutor}. For one stream, messages are to be handed over in order.
 */
final class RecogniserSession {

    private static final Logger LOG = LoggerFactory.getLogger(RecogniserSession.class);

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
    private final AudioBacklog backlog = new AudioBacklog();
    private final BackOff backOff;

    private Phase phase = Phase.IDLE;
    private long nextSeq = 1;
    private @Nullable Attempt attempt;
    private long phaseDeadlineNanos;
    private TranscriptEvent.@Nullable Partial heldPartial;
    private long lastPartialNanos;
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
        this.outbox = new EventOutbox(tasks, sink, this::onPublished);
        this.backOff = new BackOff(options.retryBase(), options.retryCap(), time.random());
        this.lastPartialNanos = time.nanos() - options.partialInterval().toNanos();
    }

    /** The stream began. */
    void start(@Nullable AudioReceipt receipt) {
        tasks.execute(() -> outbox.add(
                new TranscriptEvent.CallStarted(info, nextSeq++, time.epochMillis()),
                receipt == null ? List.of() : List.of(receipt)));
    }

    /** Some audio came. */
    void audio(AudioWindow window, @Nullable AudioReceipt receipt) {
        tasks.execute(() -> onAudio(window, receipt));
    }

    /** The stream is over. */
    void end(CallEnd callEnd, @Nullable AudioReceipt receipt) {
        tasks.execute(() -> onEnd(callEnd, receipt));
    }

    /** Whether the stream has ended and everything about it is published. */
    boolean isOver() {
        return over;
    }

    /** Time passed: whatever waits for it is looked at. Called every few dozen milliseconds. */
    void tick() {
        tasks.execute(this::onTick);
    }

    private void onAudio(AudioWindow window, @Nullable AudioReceipt receipt) {
        if (phase == Phase.ENDED || end != null) {
            settleNow(receipt);
            return;
        }
        AudioBacklog.Hole hole = backlog.add(window, receipt);
        if (!hole.isEmpty()) {
            emitGap(hole, "audio missing on its way to the recogniser");
        }
        if (phase == Phase.FAILED) {
            outbox.settle(backlog.advance(backlog.head()));
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
        if (callEnd.totalSamples() > backlog.head()) {
            emitGap(
                    new AudioBacklog.Hole(backlog.head(), callEnd.totalSamples()),
                    "audio missing on its way to the recogniser");
        }
        if (phase == Phase.IDLE || phase == Phase.FAILED) {
            finish(null);
        } else {
            if (phase == Phase.RETRYING) {
                phaseDeadlineNanos = Math.min(phaseDeadlineNanos, drainDeadline());
            }
            pump();
        }
    }

    private void onTick() {
        outbox.publishNext();
        long now = time.nanos();
        if (heldPartial != null
                && now - lastPartialNanos >= options.partialInterval().toNanos()) {
            publishPartial(heldPartial, now);
        }
        if (phase == Phase.RETRYING && now - phaseDeadlineNanos >= 0) {
            connect();
        } else if (phase == Phase.DRAINING && now - phaseDeadlineNanos >= 0) {
            lost(new RecogniserFailure(
                    RecogniserFailure.Kind.RETRYABLE,
                    "the recogniser did not finish within "
                            + options.drainTimeout().toSeconds() + " s of the end of the stream"));
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
        backlog.rewind();
        Attempt fresh = new Attempt();
        attempt = fresh;
        fresh.connection = provider.open(new RecogniserRequest(info), fresh);
    }

    private void opened() {
        phase = Phase.STREAMING;
        backOff.reset();
        emitStatus(State.RECOGNISING, null);
        pump();
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
            if (!current.pacer.tryTake(AudioFormat.millis(next.samples(), info.sampleRate()), time.nanos())) {
                return;
            }
            current.timeline.delivered(next.firstSample(), next.samples());
            backlog.markSent(next);
            current.connection().send(next.pcm());
        }
        if (end != null && !backlog.hasUnsent()) {
            phase = Phase.DRAINING;
            phaseDeadlineNanos = drainDeadline();
            current.connection().end();
        }
    }

    private long drainDeadline() {
        return time.nanos() + options.drainTimeout().toNanos();
    }

    private void closed(@Nullable RecogniserFailure failure) {
        if (failure == null && phase == Phase.DRAINING) {
            finish(null);
        } else {
            lost(
                    failure == null
                            ? new RecogniserFailure(
                                    RecogniserFailure.Kind.RETRYABLE, "the recogniser closed the connection")
                            : failure);
        }
    }

    private void lost(RecogniserFailure failure) {
        boolean afterEnd = phase == Phase.DRAINING;
        giveUpConnection();
        heldPartial = null;
        logLost(failure);
        if (failure.kind() != RecogniserFailure.Kind.RETRYABLE) {
            fail(failure.reason());
        } else if (afterEnd && end != null && backlog.cursor() >= backlog.head()) {
            finish(null);
        } else if (afterEnd && time.nanos() - phaseDeadlineNanos >= 0) {
            finish(failure.reason());
        } else {
            phase = Phase.RETRYING;
            phaseDeadlineNanos = time.nanos() + backOff.next().toNanos();
            emitStatus(State.RETRYING, failure.reason());
        }
    }

    private void fail(String reason) {
        phase = Phase.FAILED;
        failedBecause = reason;
        failedFromSample = backlog.cursor();
        emitStatus(State.FAILED, reason);
        outbox.settle(backlog.advance(backlog.head()));
        if (end != null) {
            finish(null);
        }
    }

    private void giveUpConnection() {
        Attempt current = attempt;
        attempt = null;
        if (current != null && current.connection != null) {
            current.connection.abort();
        }
    }

    private void keepWithinLimit() {
        long limitBytes =
                AudioFormat.samples(options.keepAudio().toMillis(), info.sampleRate()) * AudioFormat.BYTES_PER_SAMPLE;
        if (backlog.keptBytes() <= limitBytes) {
            return;
        }
        List<AudioReceipt> receipts = new ArrayList<>();
        AudioBacklog.Hole lost = backlog.dropOldest(receipts);
        while (backlog.keptBytes() > limitBytes) {
            lost = new AudioBacklog.Hole(
                    lost.fromSample(), backlog.dropOldest(receipts).toSample());
        }
        emitGap(
                lost,
                "no final for more than " + options.keepAudio().toSeconds() + " s of audio, the most that is kept");
        outbox.settle(receipts);
    }

    // ---------------------------------------------------------------- from the recogniser

    private void partial(Attempt from, RecognisedSpan span) {
        long startMillis = Math.max(millis(backlog.cursor()), millis(from.timeline.startSample(span.startMillis())));
        long endMillis = Math.max(startMillis, millis(from.timeline.endSample(span.endMillis())));
        if (span.text().isEmpty()) {
            return;
        }
        TranscriptEvent.Partial partial = new TranscriptEvent.Partial(
                info.stream(), 0, 0, span.text(), span.confidence(), startMillis, endMillis, span.channel());
        long now = time.nanos();
        if (now - lastPartialNanos >= options.partialInterval().toNanos()) {
            publishPartial(partial, now);
        } else {
            heldPartial = partial;
        }
    }

    private void publishPartial(TranscriptEvent.Partial partial, long nowNanos) {
        heldPartial = null;
        lastPartialNanos = nowNanos;
        if (outbox.isIdle()) {
            outbox.add(
                    new TranscriptEvent.Partial(
                            partial.stream(),
                            nextSeq++,
                            time.epochMillis(),
                            partial.text(),
                            partial.confidence(),
                            partial.startMillis(),
                            partial.endMillis(),
                            partial.channel()),
                    List.of());
        } else {
            // The bus is slower than the recogniser: only the latest belief is worth waiting for it.
            heldPartial = partial;
        }
    }

    private void finalResult(Attempt from, RecognisedSpan span) {
        heldPartial = null;
        long cursorBefore = backlog.cursor();
        long startSample = Math.max(cursorBefore, from.timeline.startSample(span.startMillis()));
        long endSample = Math.max(startSample, from.timeline.endSample(span.endMillis()));
        from.timeline.forgetBefore(endSample);
        List<AudioReceipt> receipts = backlog.advance(endSample);
        if (span.text().isEmpty()) {
            outbox.settle(receipts);
            return;
        }
        long startMillis = millis(startSample);
        long endMillis = millis(endSample);
        outbox.add(
                new TranscriptEvent.Final(
                        info.stream(),
                        nextSeq++,
                        time.epochMillis(),
                        span.text(),
                        span.confidence(),
                        startMillis,
                        endMillis,
                        span.channel(),
                        commonSpeaker(span.words()),
                        span.utteranceEnd(),
                        inStreamTime(from, span.words())),
                receipts);
    }

    private List<Word> inStreamTime(Attempt from, List<Word> words) {
        List<Word> placed = new ArrayList<>(words.size());
        for (Word word : words) {
            long startMillis = millis(from.timeline.startSample(word.startMillis()));
            long endMillis = Math.max(startMillis, millis(from.timeline.endSample(word.endMillis())));
            placed.add(new Word(word.word(), word.text(), startMillis, endMillis, word.confidence(), word.speaker()));
        }
        return placed;
    }

    private static @Nullable Integer commonSpeaker(List<Word> words) {
        Integer first = words.isEmpty() ? null : words.get(0).speaker();
        for (Word word : words) {
            if (first == null || !first.equals(word.speaker())) {
                return null;
            }
        }
        return first;
    }

    // ---------------------------------------------------------------- events

    /**
     * Ends the stream.
     *
     * @param drainFailure why what was left could not be recognised; null where nothing was left
     */
    private void finish(@Nullable String drainFailure) {
        CallEnd callEnd = end;
        if (callEnd == null) {
            return;
        }
        phase = Phase.ENDED;
        giveUpConnection();
        if (failedBecause != null) {
            emitGap(new AudioBacklog.Hole(failedFromSample, backlog.head()), failedBecause);
        } else if (drainFailure != null) {
            emitGap(new AudioBacklog.Hole(backlog.cursor(), backlog.head()), drainFailure);
        }
        List<AudioReceipt> receipts = new ArrayList<>(backlog.advance(backlog.head()));
        if (endReceipt != null) {
            receipts.add(endReceipt);
        }
        outbox.add(
                new TranscriptEvent.CallEnded(
                        info.stream(), nextSeq++, time.epochMillis(), callEnd.reason(), millis(callEnd.totalSamples())),
                receipts);
    }

    private void emitGap(AudioBacklog.Hole hole, String reason) {
        if (hole.isEmpty()) {
            return;
        }
        LOG.atWarn()
                .addKeyValue("interaction_id", info.stream().interactionId())
                .addKeyValue("tenant_id", info.stream().tenantId())
                .addKeyValue("start_ms", millis(hole.fromSample()))
                .addKeyValue("end_ms", millis(hole.toSample()))
                .log("audio lost: {}", reason);
        outbox.add(
                new TranscriptEvent.Gap(
                        info.stream(),
                        nextSeq++,
                        time.epochMillis(),
                        millis(hole.fromSample()),
                        millis(hole.toSample()),
                        reason),
                List.of());
    }

    private void emitStatus(State state, @Nullable String reason) {
        outbox.add(
                new TranscriptEvent.Status(
                        info.stream(), nextSeq++, time.epochMillis(), state, provider.name(), reason),
                List.of());
    }

    private void logLost(RecogniserFailure failure) {
        LOG.atWarn()
                .addKeyValue("interaction_id", info.stream().interactionId())
                .addKeyValue("tenant_id", info.stream().tenantId())
                .addKeyValue("provider", provider.name())
                .addKeyValue("kind", failure.kind())
                .log("recogniser lost: {}", failure.reason());
    }

    private void settleNow(@Nullable AudioReceipt receipt) {
        if (receipt != null) {
            receipt.settle();
        }
    }

    private long millis(long samples) {
        return AudioFormat.millis(samples, info.sampleRate());
    }

    /** One connection and what was delivered on it; heard only while it is the session's present one. */
    private final class Attempt implements RecogniserListener {

        private final DeliveryTimeline timeline = new DeliveryTimeline(info.sampleRate());
        private final Pacer pacer = new Pacer(provider.maxPace(), time.nanos());
        private @Nullable RecogniserConnection connection;

        RecogniserConnection connection() {
            RecogniserConnection open = connection;
            if (open == null) {
                throw new IllegalStateException("the connection is used before it is there");
            }
            return open;
        }

        private void ifPresent(Runnable task) {
            tasks.execute(() -> {
                if (attempt == this) {
                    task.run();
                }
            });
        }

        @Override
        public void opened() {
            ifPresent(RecogniserSession.this::opened);
        }

        @Override
        public void partial(RecognisedSpan span) {
            ifPresent(() -> RecogniserSession.this.partial(this, span));
        }

        @Override
        public void finalResult(RecognisedSpan span) {
            ifPresent(() -> RecogniserSession.this.finalResult(this, span));
        }

        @Override
        public void utteranceEnd() {
            // Finals are published as they come, so an end that is told later has nothing to attach to.
        }

        @Override
        public void alive() {
            // A sign of life moves nothing.
        }

        @Override
        public void closed(@Nullable RecogniserFailure failure) {
            ifPresent(() -> RecogniserSession.this.closed(failure));
        }
    }
}
