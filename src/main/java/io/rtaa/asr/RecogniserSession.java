package io.rtaa.asr;

import io.rtaa.call.AudioFormat;
import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioReceipt;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallInfo;
import io.rtaa.call.CallNote;
import io.rtaa.call.CallResume;
import io.rtaa.call.EndReason;
import io.rtaa.call.KeepAlive;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One stream's way through a recogniser: takes its audio in order, keeps what is not final, and writes its transcript. What
 * connection the audio goes over is {@link RecogniserLink}'s to say.
 *
 * <pre>
 *            first audio          end sent           all said
 *     IDLE ──────────────▶ RUNNING ──────▶ DRAINING ─────────▶ ENDED
 *                             ▲                │ connection lost  ▲
 *                             └────────────────┘                  │ end of the stream
 *     FAILED  (nobody will take the stream: audio is no longer kept, its loss is told at the end)
 * </pre>
 *
 * A step that throws ends the call as {@link EndReason#FAILED}: what the session holds cannot be relied on any more.
 * What was not recognised is published as a gap, all receipts are settled, and what the caller still sends is dropped
 * until its stream ends.
 *
 * <p>Thread-safety: every package-visible method may be called from any thread and returns at once; the work is done one task
 * after another by a {@link SerialExecutor}. For one stream, messages are to be handed over in order.
 */
final class RecogniserSession {

    /** Audio kept behind the cursor: a replay begins at most so far back. Longer than any word that could lie across it. */
    static final long REPLAY_BEHIND_MILLIS = 2000;

    /** A recogniser that ends so shortly before the end of the audio has left out no word. */
    static final long END_TOLERANCE_MILLIS = 200;

    /** A stream that is silent for so long, on hold for example, has the last words of its caller made final. */
    static final Duration FLUSH_AFTER_SILENCE = Duration.ofSeconds(3);

    /** So often a stream in which nothing is paced looks at the time: most streams, most of the time. */
    static final Duration UNHURRIED = Duration.ofMillis(400);

    /** After so long a silence nothing that comes can lie across what is final: a bus need keep none of it for a replay. */
    static final Duration LET_GO_AFTER_SILENCE = Duration.ofSeconds(10);

    /**
     * Steps that may wait behind one that blocks, a route's for example. Audio beyond that is dropped, and missed as a
     * gap.
     */
    static final int MAX_WAITING_STEPS = 2000;

    /** How long a stream whose session failed may be silent until it is forgotten, if its end never comes. */
    static final Duration FORGET_FAILED_AFTER = Duration.ofSeconds(60);

    private static final String FAULT = "a fault of the service ended the call";

    private static final String MISSING = "audio missing on its way to the recogniser";

    private enum Phase {
        IDLE,
        RUNNING,
        DRAINING,
        FAILED,
        ENDED
    }

    /** How a stream ended, and the receipt of the message that said so. */
    private record Ending(CallEnd end, @Nullable AudioReceipt receipt) {}

    /** Why a stream ends, which is published right before its end. */
    private record Refusal(CallNote note, List<AudioReceipt> receipts) {}

    private final CallInfo info;
    private final RecogniserLink link;
    private final BacklogLimits limits;
    private final SessionOptions options;
    private final SessionTime time;
    private final AwakeTime awake;
    private final AsrMeters meters;
    private final SessionFaults faults;
    private final SessionTrace trace;
    private final SerialExecutor tasks = new SerialExecutor(this::onFailure);
    private final Runnable onTick = this::onTick;
    private final EventOutbox outbox;
    private final SpeechWatch speech;
    private final SpeakerNumbers speakers;
    private final Transcript transcript;
    private final AudioBacklog backlog;

    private Phase phase = Phase.IDLE;
    private @Nullable Ending ending;
    private @Nullable Refusal refusal;
    private long lastMessageNanos;
    private long lastAudioNanos;
    private boolean flushed;
    /** When something last happened that makes it worth waiting for the rest of an ended stream. */
    private long lastProgressNanos;

    /** Where the cursor stood when a recogniser was last told that no more audio comes. */
    private long drainingFromSample = -1;

    private @Nullable String failedBecause;
    private long failedFromSample;
    /** Where the cursor stood when a recogniser last ended too early. */
    private long endedEarlyAtSample = -1;

    /** When an event, or a sign that the stream is here, was published last. */
    private volatile long publishedNanos;
    /** Whether readers are to learn soon that the stream is here: its worker before may have been away for long. */
    private volatile boolean isDueForKeepAlive;

    /** Receipts that a step took and has put nowhere yet, so that they are not lost where it throws. */
    private final List<AudioReceipt> inHand = new ArrayList<>(2);
    /** Where the words begin that are being published, so that they are missed where that throws; -1 for none. */
    private long unsaidFromSample = -1;

    private boolean endTold;
    /** Set while a stream whose session failed may still send something. */
    private volatile boolean lingers;

    private final AtomicBoolean tickWaits = new AtomicBoolean();
    private volatile long leg;
    /** Where the audio ends that was handed over, samples of the leg. */
    private volatile long headSample;
    /** What the caller's side said of the end; null while it has not. */
    private volatile @Nullable CallEnd endGiven;
    /** The end as it is published, or about to be. */
    private volatile @Nullable CallEnded ended;

    private volatile long lagMillis;

    /** What readers were last told of the recogniser; empty before that. */
    private volatile String provider = "";

    private volatile String state = "";
    private volatile boolean over;
    /** Whether something waits that is paced, so that every tick counts. */
    private volatile boolean hurried;

    private long nextLookNanos;

    RecogniserSession(
            CallInfo info,
            Recognisers recognisers,
            SessionOptions options,
            SessionTime time,
            SpeakerNumbers speakers,
            Supplier<@Nullable TranscriptSink> sink) {
        this.info = info;
        this.speakers = speakers;
        this.leg = info.leg();
        this.options = options;
        this.time = time;
        this.awake = new AwakeTime(time);
        this.meters = recognisers.meters();
        this.faults = recognisers.faults();
        this.trace = new SessionTrace(recognisers.tracing(), info);
        this.link = new RecogniserLink(info, recognisers, options, time, awake, trace, new Owner());
        this.backlog = new AudioBacklog(samples(REPLAY_BEHIND_MILLIS));
        this.outbox = new EventOutbox(tasks, sink, faults, trace, this::onPublished);
        this.speech = new SpeechWatch(info, awake::nanos, options.unheardAfter(), faults.troubles());
        this.transcript = new Transcript(info, outbox, time, meters, speech, speakers, faults.troubles(), options);
        this.limits = new BacklogLimits(
                backlog,
                options.keepAudio(),
                info.sampleRate(),
                recognisers.budget().join(bytes -> tasks.execute(() -> onOverBudget(bytes))),
                this::tellLoss);
        this.lastMessageNanos = awake.nanos();
        this.nextLookNanos = time.nanos();
        this.publishedNanos = time.nanos();
    }

    /** The stream began. */
    void start(@Nullable AudioReceipt receipt) {
        tasks.execute(() -> {
            take(receipt);
            comesFrom(receipt);
            transcript.started(receipt == null ? List.of() : List.of(receipt));
            inHand.clear();
        });
    }

    /**
     * The stream's start was not seen: it is in its middle, and what was published of it is not known. Its audio is
     * handed over next, and the receipt of that is not settled by this.
     */
    void startUnannounced(@Nullable AudioReceipt audio) {
        tasks.execute(() -> {
            comesFrom(audio);
            transcript.numberFromNow();
            transcript.started(List.of());
        });
    }

    /** The stream is taken over from another process. In place of {@link #start}. */
    void resume(CallResume resume, @Nullable AudioReceipt receipt) {
        headSample = resume.acknowledgedSamples();
        tasks.execute(() -> {
            take(receipt);
            comesFrom(receipt);
            transcript.resumed(resume);
            trace.takenOver();
            isDueForKeepAlive = true;
            backlog.beginAt(resume.acknowledgedSamples());
            settleNow(receipt);
            inHand.clear();
        });
    }

    /** Some audio came; or none, as a sign that the stream is still there. */
    void audio(AudioWindow window, @Nullable AudioReceipt receipt) {
        headSample = Math.max(headSample, window.endSample());
        learnLeg(window);
        if (tasks.pending() < MAX_WAITING_STEPS) {
            tasks.execute(() -> onAudio(window, receipt));
        } else {
            settleNow(receipt);
        }
    }

    /** Something about the stream's audio that its readers have to know. */
    void note(CallNote note, @Nullable AudioReceipt receipt) {
        tasks.execute(() -> onNote(note, receipt));
    }

    /** The stream is over. */
    void end(CallEnd callEnd, @Nullable AudioReceipt receipt) {
        if (endGiven == null) {
            headSample = Math.max(headSample, callEnd.totalSamples());
            endGiven = callEnd;
        }
        tasks.execute(() -> onEnd(new Ending(callEnd, receipt)));
    }

    /**
     * The process stops and waits no longer: what is not recognised is published as a gap, and then the stream's end.
     *
     * @param reason why, as the gap says it
     */
    void giveUp(String reason) {
        tasks.execute(() -> {
            onEnd(new Ending(new CallEnd(info.stream(), 0, backlog.head(), EndReason.DRAINED, leg), null));
            finish(reason);
        });
    }

    /** The leg of the stream that this session recognises; 0 where it is not known. */
    long leg() {
        return leg;
    }

    /** A message of the session's leg says which one that is. */
    void learnLeg(AudioMessage message) {
        if (leg == 0) {
            leg = message.leg();
        }
    }

    /** The end of the leg as it is published, or about to be; null while it has none. */
    @Nullable
    CallEnded ended() {
        return ended;
    }

    /**
     * Another socket has taken the place of the one whose audio this session gets, which therefore ends. One of the
     * methods that hand messages over.
     *
     * @param next the leg that follows
     * @return the same, with what there was before it where it goes on with this call
     */
    CallInfo followedBy(CallInfo next) {
        CallEnded known = ended;
        if (known != null) {
            // A failed session waits for more of its leg, and none comes now.
            lingers = false;
            return next.after(known);
        }
        CallEnd given = endGiven;
        if (given == null) {
            end(new CallEnd(info.stream(), 0, headSample, EndReason.DISCONNECTED, leg), null);
        } else if (!given.reason().isCutOff()) {
            return next;
        }
        return next.following(new CallInfo.Before(
                info.audioStartMillis() + millis(headSample), transcript.highestSeq(), speakers.given()));
    }

    /** The numbers for the speakers of a leg that goes on with this one. */
    SpeakerNumbers speakersOfNextLeg() {
        return speakers.ofNextLeg();
    }

    /** Another process has the stream: nothing more is said of it here, and its receipts stay unsettled. */
    void release() {
        tasks.execute(() -> {
            phase = Phase.ENDED;
            // Its end is the other process' to publish, whatever happens here.
            endTold = true;
            over = true;
            outbox.abandon();
            speech.ended();
            leave();
            trace.ended("given to another worker");
        });
    }

    /** Time passed: whatever waits for it is looked at. Called every few dozen milliseconds, by one thread at a time. */
    void tick() {
        long now = time.nanos();
        if (hurried || now - nextLookNanos >= 0) {
            nextLookNanos = now + UNHURRIED.toNanos();
            if (tickWaits.compareAndSet(false, true)) {
                tasks.execute(onTick);
            }
        }
    }

    /**
     * A sign that the stream is here, where nothing of it was published for so long; else null. For one thread at a
     * time.
     */
    @Nullable
    KeepAlive keepAlive(Duration quietAfter) {
        long now = time.nanos();
        if (over || (!isDueForKeepAlive && now - publishedNanos < quietAfter.toNanos())) {
            return null;
        }
        isDueForKeepAlive = false;
        publishedNanos = now;
        return new KeepAlive(info.stream(), time.epochMillis(), outbox.origin());
    }

    /** The process stops while the stream goes on. */
    void endTrace() {
        trace.ended("process stopped");
    }

    /** Whether the stream has ended and everything about it is published, and nothing more comes of it. */
    boolean isOver() {
        return over && !lingers;
    }

    /** Audio that is not final, milliseconds; as it was at the last tick. */
    long lagMillis() {
        return lagMillis;
    }

    /** How the stream is recognised, for operators. */
    Recognition recognition() {
        return new Recognition(info.stream(), provider, state, lagMillis);
    }

    /** What the stream's audio and its transcript say of each other. */
    SpeechWatch speech() {
        return speech;
    }

    private void onAudio(AudioWindow window, @Nullable AudioReceipt receipt) {
        if (ending != null || over) {
            lastMessageNanos = awake.nanos();
            settleNow(receipt);
            return;
        }
        take(receipt);
        lastMessageNanos = awake.nanos();
        speech.audio(window);
        AudioBacklog.Hole missing = backlog.add(window, receipt);
        inHand.clear();
        if (phase == Phase.FAILED) {
            // What is missing too is told at the end, with all else that was not recognised.
            outbox.settle(backlog.release());
            return;
        }
        transcript.gap(missing, MISSING);
        limits.apply();
        if (window.samples() > 0) {
            lastAudioNanos = lastMessageNanos;
            flushed = false;
            if (phase == Phase.IDLE) {
                phase = Phase.RUNNING;
                transcript.audioBegan();
                link.connect();
            }
        }
        pump();
    }

    private void onNote(CallNote note, @Nullable AudioReceipt receipt) {
        if (ending != null || over) {
            settleNow(receipt);
            return;
        }
        lastMessageNanos = awake.nanos();
        List<AudioReceipt> receipts = receipt == null ? List.of() : List.of(receipt);
        if (!note.failed()) {
            transcript.note(note, receipts);
        } else if (refusal == null) {
            // Words and states of audio that came before it are still to follow.
            refusal = new Refusal(note, receipts);
        } else {
            outbox.settle(receipts);
        }
    }

    private void onEnd(Ending how) {
        if (ending != null || over) {
            lingers = false;
            settleNow(how.receipt());
            return;
        }
        ending = how;
        speech.ended();
        lastProgressNanos = awake.nanos();
        if (phase == Phase.IDLE || phase == Phase.FAILED) {
            finish(null);
        } else {
            pump();
        }
    }

    private void onTick() {
        tickWaits.set(false);
        if (phase == Phase.ENDED) {
            awake.tick();
            lagMillis = 0;
            lingers = lingers && !awake.isPast(lastMessageNanos, FORGET_FAILED_AFTER);
            outbox.publishNext();
            leaveOnceSaid();
            return;
        }
        if (awake.tick()) {
            // What was said meanwhile still waits in sockets, and it may take its time to get here.
            lastAudioNanos = awake.nanos();
        }
        outbox.publishNext();
        transcript.tick();
        if (ending == null && !over) {
            speech.tick();
        }
        lagMillis = phase == Phase.FAILED ? 0 : millis(backlog.unfinalSamples());
        if (ending == null && !options.lostAfter().isZero() && awake.isPast(lastMessageNanos, options.lostAfter())) {
            onEnd(new Ending(new CallEnd(info.stream(), 0, backlog.head(), EndReason.LOST, leg), null));
        }
        if (ending != null && awake.isPast(lastProgressNanos, options.drainTimeout())) {
            finishWhatCannotBeHad();
        }
        link.tick();
        pump();
        if (link.isUp() && !flushed && backlog.unfinalSamples() > 0 && isSilentFor(FLUSH_AFTER_SILENCE)) {
            flushed = true;
            link.flush();
        }
        if (millis(backlog.unfinalSamples()) <= (flushed ? END_TOLERANCE_MILLIS : 0)
                && isSilentFor(LET_GO_AFTER_SILENCE)) {
            outbox.settle(backlog.release());
        }
    }

    /** The stream is over and nothing came of it for so long that no more is to be hoped for. */
    private void finishWhatCannotBeHad() {
        if (link.isWaiting()) {
            finish(link.whyWaiting());
        } else if (phase == Phase.DRAINING) {
            finish("the recogniser did not finish within "
                    + options.drainTimeout().toSeconds() + " s of the end of the stream");
        }
    }

    /** All that came was sent, and no more came for so long. */
    private boolean isSilentFor(Duration silence) {
        return phase == Phase.RUNNING && !backlog.hasUnsent() && awake.isPast(lastAudioNanos, silence);
    }

    private void onPublished() {
        publishedNanos = time.nanos();
        leaveOnceSaid();
        pump();
    }

    private void leaveOnceSaid() {
        if (!over && phase == Phase.ENDED && outbox.isIdle()) {
            over = true;
            CallEnded end = ended;
            trace.ended(end == null ? EndReason.FAILED.wireName() : end.reason().wireName());
        }
    }

    /** A step threw. What it left half done cannot be mended: the call ends, and nothing of it is left unsettled. */
    private void onFailure(Throwable thrown) {
        faults.sessionFailed(info.stream(), thrown);
        if (endTold) {
            return;
        }
        endTold = true;
        phase = Phase.ENDED;
        List<AudioReceipt> receipts = new ArrayList<>(inHand);
        inHand.clear();
        Ending was = ending;
        if (was != null && was.receipt() != null) {
            receipts.add(was.receipt());
        }
        if (refusal != null) {
            receipts.addAll(refusal.receipts());
        }
        lingers = was == null;
        lastMessageNanos = awake.nanos();
        CallEnd end = new CallEnd(info.stream(), 0, backlog.head(), EndReason.FAILED, leg);
        ending = new Ending(end, null);
        try {
            speech.ended();
            transcript.withdrawPartials();
            long toSample = was == null
                    ? backlog.head()
                    : Math.max(backlog.head(), was.end().totalSamples());
            transcript.gap(new AudioBacklog.Hole(unrecognisedFromSample(), toSample), FAULT);
            receipts.addAll(backlog.release());
            ended = transcript.ended(end, receipts);
        } catch (RuntimeException | Error e) {
            faults.sessionFailed(info.stream(), e);
            receipts.forEach(AudioReceipt::settle);
            over = true;
            trace.ended(EndReason.FAILED.wireName());
        } finally {
            leave();
        }
    }

    private long unrecognisedFromSample() {
        if (unsaidFromSample >= 0) {
            return unsaidFromSample;
        }
        return failedBecause == null ? backlog.cursor() : failedFromSample;
    }

    /** Sends what may be sent now, and the end once everything is out. */
    private void pump() {
        send();
        hurry();
    }

    private void hurry() {
        boolean now = backlog.hasUnsent() || transcript.holdsSomething();
        if (now != hurried) {
            hurried = now;
        }
    }

    private void send() {
        if (phase != Phase.RUNNING || !link.isUp()) {
            return;
        }
        while (outbox.size() < options.eventLimit()) {
            AudioWindow next = backlog.nextUnsent();
            if (next == null) {
                break;
            }
            if (!link.trySend(next)) {
                return;
            }
            backlog.markSent(next);
        }
        if (ending != null && !backlog.hasUnsent()) {
            phase = Phase.DRAINING;
            if (backlog.cursor() != drainingFromSample) {
                // Else it was asked for the same before, and that came to nothing.
                drainingFromSample = backlog.cursor();
                lastProgressNanos = awake.nanos();
            }
            link.end();
        }
    }

    private void tellLoss(AudioBacklog.Hole hole, List<AudioReceipt> receipts, String reason) {
        inHand.addAll(receipts);
        transcript.gap(hole, reason);
        outbox.settle(receipts);
        inHand.clear();
    }

    private void onOverBudget(long excessBytes) {
        if (phase != Phase.FAILED && phase != Phase.ENDED) {
            limits.drop(excessBytes);
        }
    }

    /** Others may have what this stream took of what all share. */
    private void leave() {
        try {
            link.leave();
        } finally {
            limits.leave();
        }
    }

    /**
     * Ends the stream.
     *
     * @param undone why what was left could not be recognised; null where nothing was left
     */
    private void finish(@Nullable String undone) {
        Ending how = ending;
        if (how == null || phase == Phase.ENDED) {
            return;
        }
        phase = Phase.ENDED;
        transcript.withdrawPartials();
        if (failedBecause != null) {
            transcript.gap(new AudioBacklog.Hole(failedFromSample, backlog.head()), failedBecause);
        } else if (undone != null) {
            transcript.gap(new AudioBacklog.Hole(backlog.cursor(), backlog.head()), undone);
        }
        transcript.gap(new AudioBacklog.Hole(backlog.head(), how.end().totalSamples()), MISSING);
        inHand.addAll(backlog.release());
        leave();
        if (refusal != null) {
            transcript.note(refusal.note(), refusal.receipts());
        }
        if (how.receipt() != null) {
            inHand.add(how.receipt());
        }
        ended = transcript.ended(how.end(), List.copyOf(inHand));
        endTold = true;
        inHand.clear();
    }

    private long samples(long millis) {
        return AudioFormat.samples(millis, info.sampleRate());
    }

    private long millis(long samples) {
        return AudioFormat.millis(samples, info.sampleRate());
    }

    private void comesFrom(@Nullable AudioReceipt receipt) {
        outbox.from(receipt == null ? null : receipt.origin());
    }

    private void take(@Nullable AudioReceipt receipt) {
        if (receipt != null) {
            inHand.add(receipt);
        }
    }

    private static void settleNow(@Nullable AudioReceipt receipt) {
        if (receipt != null) {
            receipt.settle();
        }
    }

    /** What the link tells. */
    private final class Owner implements RecogniserLink.Owner {

        @Override
        public void later(Runnable task) {
            tasks.execute(task);
        }

        @Override
        public ReplayCut beginReplay() {
            transcript.connectionBegan();
            long furthest = backlog.cursor() - samples(REPLAY_BEHIND_MILLIS);
            long beforeWords = transcript.replayFromMillis();
            long from = beforeWords == Long.MAX_VALUE ? furthest : Math.max(furthest, samples(beforeWords));
            long replayedMillis = millis(backlog.rewind(from));
            meters.replayed(Duration.ofMillis(replayedMillis));
            trace.replaying(replayedMillis);
            return new ReplayCut(transcript.published(), millis(backlog.sent()));
        }

        @Override
        public void opened() {
            flushed = false;
            pump();
        }

        @Override
        public void partial(RecognisedSpan span, @Nullable ReplayCut cut) {
            transcript.partial(span, cut);
            hurry();
        }

        @Override
        public void finalResult(RecognisedSpan span, long endSample, @Nullable ReplayCut cut) {
            lastProgressNanos = awake.nanos();
            meters.lag(Duration.ofMillis(millis(backlog.unfinalSamples())));
            unsaidFromSample = backlog.cursor();
            inHand.addAll(backlog.advance(endSample));
            transcript.finalResult(span, cut, List.copyOf(inHand));
            inHand.clear();
            unsaidFromSample = -1;
            limits.apply();
        }

        @Override
        public void utteranceEnd() {
            transcript.utteranceEnd();
        }

        @Override
        public @Nullable RecogniserFailure ended() {
            if (phase != Phase.DRAINING) {
                return RecogniserFailure.retryable("closed", "the recogniser closed the connection unasked");
            }
            long leftMillis = millis(backlog.unfinalSamples());
            String leftOut = "the recogniser ended and left out the last " + leftMillis + " ms";
            if (leftMillis <= END_TOLERANCE_MILLIS) {
                finish(null);
            } else if (backlog.cursor() == endedEarlyAtSample) {
                finish(leftOut);
            } else {
                endedEarlyAtSample = backlog.cursor();
                return RecogniserFailure.retryable("ended_early", leftOut);
            }
            return null;
        }

        @Override
        public boolean lost() {
            transcript.dropPartial();
            if (phase == Phase.DRAINING && backlog.unfinalSamples() == 0) {
                finish(null);
                return false;
            }
            phase = Phase.RUNNING;
            return true;
        }

        @Override
        public void status(State told, String by, @Nullable String reason) {
            provider = by;
            state = told.wireName();
            transcript.status(told, by, reason);
        }

        @Override
        public void isHopeless(String reason) {
            phase = Phase.FAILED;
            failedBecause = reason;
            failedFromSample = backlog.cursor();
            transcript.withdrawPartials();
            outbox.settle(backlog.release());
            leave();
            if (ending != null) {
                finish(null);
            }
        }
    }
}
