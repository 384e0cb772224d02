package io.rtaa.asr;

import io.rtaa.asr.ProviderGate.Passage;
import io.rtaa.call.AudioFormat;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.Word;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One try at having a stream recognised: a connection, what was delivered on it, and the times it tells turned into the
 * stream's.
 *
 * <p>Thread-safety: what the recogniser says comes from any thread and is brought, by {@link Ears#hear}, into the tasks of
 * the session; everything else is called within them.
 */
final class Attempt implements RecogniserListener {

    /** Where the findings go, in the stream's own time. */
    interface Ears {

        /** Runs what was said by an attempt as a task of the session, unless the attempt was given up. */
        void hear(Attempt from, Runnable what);

        void opened();

        void partial(RecognisedSpan span, @Nullable ReplayCut cut);

        /** @param endSample the stream's sample up to which all is said */
        void finalResult(RecognisedSpan span, long endSample, @Nullable ReplayCut cut);

        void utteranceEnd();

        void closed(@Nullable RecogniserFailure failure);
    }

    private final int sampleRate;
    private final Passage passage;
    private final RecogniserProvider provider;
    private final Duration frozenAfter;
    private final SessionTime time;
    private final AwakeTime awake;
    private final Ears ears;
    private final DeliveryTimeline timeline;
    private final Pacer pacer;
    private @Nullable RecogniserConnection connection;
    private @Nullable ReplayCut cut;
    private boolean open;
    private boolean unanswered;
    private long unansweredSinceNanos;

    /**
     * @param passage leave for this connection; told what becomes of it
     * @param frozenAfter how long the recogniser may say nothing, if it never should
     * @param cut tells the words that this attempt hears for the second time
     */
    Attempt(
            int sampleRate,
            Passage passage,
            Duration frozenAfter,
            SessionTime time,
            AwakeTime awake,
            ReplayCut cut,
            Ears ears) {
        this.sampleRate = sampleRate;
        this.passage = passage;
        this.provider = passage.provider();
        this.frozenAfter = frozenAfter;
        this.time = time;
        this.awake = awake;
        this.ears = ears;
        this.timeline = new DeliveryTimeline(sampleRate);
        this.pacer = new Pacer(provider.maxPace(), time.nanos());
        this.cut = cut.isPassed() ? null : cut;
    }

    void open(RecogniserRequest request) {
        connection = provider.open(request, this);
    }

    /** Sends a window unless that would be faster than the recogniser likes; only once it is open. */
    boolean trySend(AudioWindow window) {
        if (!pacer.tryTake(AudioFormat.millis(window.samples(), sampleRate), time.nanos())) {
            return false;
        }
        timeline.delivered(window.firstSample(), window.samples());
        if (!unanswered) {
            unanswered = true;
            unansweredSinceNanos = awake.nanos();
        }
        connected().send(window.pcm());
        return true;
    }

    void flush() {
        connected().flush();
    }

    void end() {
        connected().end();
    }

    /** @param failure why the attempt is given up; null where it is only not needed any more */
    void abort(@Nullable RecogniserFailure failure) {
        if (failure == null) {
            passage.leave().unused();
        } else {
            passage.leave().failed(failure);
            if (failure.kind() == RecogniserFailure.Kind.SETTINGS_REFUSED) {
                passage.probe().doubtSettings();
            }
        }
        if (open) {
            open = false;
            passage.connections().decrementAndGet();
        }
        if (connection != null) {
            connection.abort();
        }
    }

    /** What it means that the recogniser said nothing for too long; null while it did not. */
    @Nullable
    RecogniserFailure frozen() {
        return isFrozen()
                ? RecogniserFailure.retryable(
                        "frozen", "the recogniser took audio and said nothing for " + frozenAfter.toSeconds() + " s")
                : null;
    }

    /** Whether audio went in and nothing came out for longer than this recogniser ever takes. */
    private boolean isFrozen() {
        return unanswered && provider.isNeverSilent() && awake.isPast(unansweredSinceNanos, frozenAfter);
    }

    private RecogniserConnection connected() {
        RecogniserConnection open = connection;
        if (open == null) {
            throw new IllegalStateException("the connection is used before it is there");
        }
        return open;
    }

    private void hear(Runnable what) {
        ears.hear(this, () -> {
            unanswered = false;
            what.run();
        });
    }

    @Override
    public void opened() {
        hear(() -> {
            open = true;
            passage.connections().incrementAndGet();
            passage.probe().accepted();
            ears.opened();
        });
    }

    @Override
    public void partial(RecognisedSpan span) {
        hear(() -> ears.partial(inStreamTime(span), cut));
    }

    @Override
    public void finalResult(RecognisedSpan span) {
        hear(() -> {
            passage.leave().delivered();
            RecognisedSpan placed = inStreamTime(span);
            long endSample = timeline.endSample(span.endMillis());
            timeline.forgetBefore(endSample);
            ears.finalResult(placed, endSample, cut);
            if (cut != null && cut.isPassed()) {
                cut = null;
            }
        });
    }

    @Override
    public void utteranceEnd() {
        hear(ears::utteranceEnd);
    }

    @Override
    public void alive() {
        hear(() -> {});
    }

    @Override
    public void closed(@Nullable RecogniserFailure failure) {
        hear(() -> ears.closed(failure));
    }

    private RecognisedSpan inStreamTime(RecognisedSpan span) {
        List<Word> words = new ArrayList<>(span.words().size());
        for (Word word : span.words()) {
            words.add(word.at(startMillis(word.startMillis()), endMillis(word.endMillis())));
        }
        long startMillis = startMillis(span.startMillis());
        return span.at(startMillis, Math.max(startMillis, endMillis(span.endMillis())), words);
    }

    private long startMillis(long deliveredMillis) {
        return AudioFormat.millis(timeline.startSample(deliveredMillis), sampleRate);
    }

    private long endMillis(long deliveredMillis) {
        return AudioFormat.millis(timeline.endSample(deliveredMillis), sampleRate);
    }
}
