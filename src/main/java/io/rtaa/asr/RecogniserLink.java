package io.rtaa.asr;

import io.rtaa.asr.CallTroubles.Kind;
import io.rtaa.asr.CallTroubles.Trouble;
import io.rtaa.asr.ProviderGate.Passage;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallInfo;
import io.rtaa.call.TranscriptEvent.State;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One stream's line to a recogniser, which outlives connections: opens one after another as long as anybody takes the stream.
 *
 * <pre>
 *             connect          opened
 *     DOWN ───────────▶ OPENING ─────▶ UP
 *                       ▲  ▲  │ lost    │ lost
 *             wait over │  │  ▼         ▼
 *                       │  RETRYING ◀───┘
 *        leave or place │
 *                       WAITING  (no leave, no place, or the provider refuses)
 * </pre>
 *
 * Where the stream goes, to its provider or to the one that stands in for it, is {@link Admission}'s to say. What a
 * recogniser says on a connection that was given up is not heard.
 *
 * <p>Thread-safety: none; a session uses it from one task at a time, and what a recogniser says is brought into the session's
 * tasks by {@link Owner#later}.
 */
final class RecogniserLink {

    /** The session: keeps the audio and writes the transcript. */
    interface Owner {

        /** Runs something as a task of the session. */
        void later(Runnable task);

        /** A connection begins: audio is sent from where a replay has to begin. Returns what tells the words heard again from new ones. */
        ReplayCut beginReplay();

        /** Audio may be sent from now on. */
        void opened();

        void partial(RecognisedSpan span, @Nullable ReplayCut cut);

        /** @param endSample the stream's sample up to which all is said */
        void finalResult(RecognisedSpan span, long endSample, @Nullable ReplayCut cut);

        void utteranceEnd();

        /** The recogniser closed the connection. Returns what is wrong with that; null where it ended as asked and all is said. */
        @Nullable
        RecogniserFailure ended();

        /** The connection is gone. Returns whether another is needed. */
        boolean lost();

        void status(State state, String provider, @Nullable String reason);

        /** Nobody will ever take the stream. */
        void isHopeless(String reason);
    }

    private enum Phase {
        DOWN,
        OPENING,
        UP,
        RETRYING,
        WAITING
    }

    private final CallInfo info;
    private final Owner owner;
    private final Admission admission;
    private final Duration frozenAfter;
    private final SessionTime time;
    private final AwakeTime awake;
    private final AsrMeters meters;
    private final CallTroubles troubles;
    private final Waits waits;
    private final SessionTrace trace;

    private Phase phase = Phase.DOWN;
    private @Nullable Attempt attempt;
    /** Why the last connection went; null once one was opened. */
    private @Nullable String lastFailure;
    /** Why the provider refuses, told as a failure and not taken back yet. */
    private @Nullable String refusedBecause;

    RecogniserLink(
            CallInfo info,
            Recognisers recognisers,
            SessionOptions options,
            SessionTime time,
            AwakeTime awake,
            SessionTrace trace,
            Owner owner) {
        this.info = info;
        this.owner = owner;
        this.trace = trace;
        this.time = time;
        this.awake = awake;
        this.meters = recognisers.meters();
        this.troubles = recognisers.faults().troubles();
        this.frozenAfter = options.frozenAfter();
        this.waits = new Waits(options, time);
        this.admission =
                new Admission(recognisers.primary(), recognisers.standIn(), () -> owner.later(this::onPlaceFree));
    }

    /** Asks for a connection; where there is none to be had, goes on asking. */
    void connect() {
        connect(admission.ask());
    }

    boolean isUp() {
        return phase == Phase.UP;
    }

    /** Sends a window unless that would be faster than the recogniser likes; only while it is up. */
    boolean trySend(AudioWindow window) {
        return attempt().trySend(window);
    }

    /** Asks for a final of all that was sent; only while it is up. */
    void flush() {
        attempt().flush();
    }

    /** Says that no more audio comes; only while it is up. */
    void end() {
        attempt().end();
    }

    /** Looks at what waits for time to pass. */
    void tick() {
        Attempt current = attempt;
        RecogniserFailure frozen = current == null ? null : current.frozen();
        if (frozen != null) {
            lost(frozen);
        } else if (isWaiting() && waits.isOver()) {
            connect();
        }
    }

    /** Whether there is no connection at present, nor one under way. */
    boolean isWaiting() {
        return phase == Phase.RETRYING || phase == Phase.WAITING;
    }

    /** Why there is none; null where nothing is known. */
    @Nullable
    String whyWaiting() {
        if (refusedBecause != null) {
            return refusedBecause;
        }
        return lastFailure == null ? admission.whyNotPrimary() : lastFailure;
    }

    /** Needs no recogniser any more, and leaves what it took of what all share. */
    void leave() {
        phase = Phase.DOWN;
        troubles.over(Kind.RECOGNISER_LOST, this);
        trace.left();
        try {
            giveUp(null);
        } finally {
            admission.leave();
        }
    }

    private Attempt attempt() {
        Attempt current = attempt;
        if (current == null) {
            throw new IllegalStateException("there is no connection to use: " + phase);
        }
        return current;
    }

    private void onPlaceFree() {
        if (phase == Phase.WAITING) {
            connect();
        }
    }

    private void connect(@Nullable Passage passage) {
        if (passage == null) {
            String why = admission.whyNotPrimary();
            if (why != null && admission.isPrimaryRefusing()) {
                isRefused(why);
            } else if (phase != Phase.WAITING || refusedBecause != null) {
                refusedBecause = null;
                status(State.WAITING, why);
            }
            awaitPassage();
            return;
        }
        phase = Phase.OPENING;
        trace.connecting(admission.provider());
        Attempt fresh =
                new Attempt(info.sampleRate(), passage, frozenAfter, time, awake, owner.beginReplay(), new Ears());
        attempt = fresh;
        fresh.open(new RecogniserRequest(info));
    }

    private void lost(RecogniserFailure failure) {
        giveUp(failure);
        meters.connectionLost(admission.provider(), failure);
        trace.lost(failure);
        lastFailure = failure.reason();
        if (refusedBecause == null || failure.kind() != RecogniserFailure.Kind.PROVIDER_REFUSES) {
            // Else the call has nothing new: its provider goes on refusing.
            troubles.began(this, trouble(failure));
        }
        if (!owner.lost()) {
            return;
        }
        if (failure.kind() == RecogniserFailure.Kind.RETRYABLE) {
            retry(failure.reason());
        } else {
            refused(failure);
        }
    }

    private Trouble trouble(RecogniserFailure failure) {
        return new Trouble(
                Kind.RECOGNISER_LOST,
                info.stream(),
                admission.provider(),
                failure.reason(),
                Map.of("kind", failure.kind(), "cause", failure.cause()),
                null);
    }

    private void retry(String reason) {
        phase = Phase.RETRYING;
        refusedBecause = null;
        if (admission.isBetterElsewhere()) {
            connect();
        } else {
            waits.untilRetry();
            status(State.RETRYING, reason);
        }
    }

    /** Whoever was asked will not take the stream: asks the other one, waits for things to change, or gives up. */
    private void refused(RecogniserFailure failure) {
        Passage other = admission.refused(failure);
        if (admission.isHopeless()) {
            phase = Phase.DOWN;
            status(State.FAILED, failure.reason());
            owner.isHopeless(failure.reason());
            return;
        }
        if (other == null) {
            isRefused(failure.reason());
            awaitPassage();
        } else {
            connect(other);
        }
    }

    /** Publishes the status {@code failed} for the first of several refusals in a row. */
    private void isRefused(String reason) {
        if (refusedBecause == null) {
            refusedBecause = reason;
            status(State.FAILED, reason);
        }
    }

    private void awaitPassage() {
        phase = Phase.WAITING;
        waits.untilAskingAgain();
    }

    private void giveUp(@Nullable RecogniserFailure failure) {
        Attempt current = attempt;
        attempt = null;
        if (current != null) {
            current.abort(failure);
        }
    }

    private void status(State state, @Nullable String reason) {
        owner.status(state, admission.provider(), reason);
    }

    /** Hears the present connection. */
    private final class Ears implements Attempt.Ears {

        @Override
        public void hear(Attempt from, Runnable what) {
            owner.later(() -> {
                if (attempt == from) {
                    what.run();
                }
            });
        }

        @Override
        public void opened() {
            phase = Phase.UP;
            refusedBecause = null;
            lastFailure = null;
            trace.connected(admission.provider());
            troubles.over(Kind.RECOGNISER_LOST, RecogniserLink.this);
            status(admission.isAtStandIn() ? State.FALLBACK : State.RECOGNISING, admission.whyNotPrimary());
            owner.opened();
        }

        @Override
        public void partial(RecognisedSpan span, @Nullable ReplayCut cut) {
            owner.partial(span, cut);
        }

        @Override
        public void finalResult(RecognisedSpan span, long endSample, @Nullable ReplayCut cut) {
            waits.delivered();
            owner.finalResult(span, endSample, cut);
        }

        @Override
        public void utteranceEnd() {
            owner.utteranceEnd();
        }

        @Override
        public void closed(@Nullable RecogniserFailure failure) {
            RecogniserFailure known = failure == null ? owner.ended() : failure;
            if (known != null) {
                lost(known);
            }
        }
    }
}
