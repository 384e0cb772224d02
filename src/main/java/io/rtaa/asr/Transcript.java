package io.rtaa.asr;

import io.rtaa.asr.CallTroubles.Kind;
import io.rtaa.asr.CallTroubles.Trouble;
import io.rtaa.call.AudioFormat;
import io.rtaa.call.AudioReceipt;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallInfo;
import io.rtaa.call.CallNote;
import io.rtaa.call.CallResume;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.call.TranscriptEvent.Partial;
import io.rtaa.call.TranscriptEvent.State;
import io.rtaa.call.TranscriptProgress;
import io.rtaa.call.Word;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What a stream's transcript says, event by event: numbers the events, holds partials to their interval, keeps finals from
 * overlapping and from saying a word twice. Takes spans in the time of the stream's present leg, and publishes them in
 * the stream's.
 *
 * <p>Thread-safety: none; a session uses it from one task at a time.
 */
final class Transcript {

    /** Published words further behind the last one than this are heard no second time. */
    private static final long REMEMBERED_MILLIS = CallResume.WORDS_BACK_MILLIS;

    /**
     * The most words remembered, three times as many as anybody says in {@link #REMEMBERED_MILLIS}: a recogniser that puts words
     * by the thousand into one moment is not to be compared with for ever.
     */
    static final int MAX_REMEMBERED_WORDS = 100;

    /** More events than a stream's last owner can have numbered after the last one that is known of. */
    private static final long UNKNOWN_SEQS = 1_000_000;

    private static final long NEVER = Long.MIN_VALUE;

    /**
     * An utterance is over once so much audio after its last word is final and had no word in it, milliseconds: a recogniser does not
     * always say so. Well above the pause after which one that does would have said it.
     */
    static final long UTTERANCE_OVER_AFTER_MILLIS = 2000;

    /** Losses are gathered for so long before they are told. */
    private static final long GAP_HELD_NANOS = 1_000_000_000L;

    /** Audio from one time to another, milliseconds. */
    private record Stretch(long startMillis, long endMillis) {
        boolean overlaps(long fromMillis, long toMillis) {
            return fromMillis < endMillis && startMillis < toMillis;
        }
    }

    private final CallInfo info;
    private final long audioStartMillis;
    private final EventOutbox outbox;
    private final SessionTime time;
    private final AsrMeters meters;
    private final SpeechWatch speech;
    private final CallTroubles troubles;
    private final long partialIntervalNanos;
    private final Deque<Word> published = new ArrayDeque<>();
    private final SpeakerNumbers speakers;

    /** Read by the session of the leg that follows. */
    private final AtomicLong nextSeq = new AtomicLong(1);

    /** A call waits for its recogniser until one has it. */
    private State lastState = State.WAITING;

    private @Nullable String lastProvider;

    /** Until something was heard. */
    private long audioSinceNanos = NEVER;

    private @Nullable RecognisedSpan heldPartial;
    /** The audio of the partial that readers show of a channel, as no final has replaced it yet. */
    private final Map<Integer, Stretch> shown = new TreeMap<>();

    private long lastPartialNanos;
    /** A loss that is not told yet; numbered when it is. */
    private @Nullable Gap heldGap;

    private long gapHeldSinceNanos;
    /** What the process before told of audio that this one hears again. */
    private List<Gap> toldBefore = List.of();

    private long lastFinalEndMillis;
    private boolean utteranceOpen;

    Transcript(
            CallInfo info,
            EventOutbox outbox,
            SessionTime time,
            AsrMeters meters,
            SpeechWatch speech,
            SpeakerNumbers speakers,
            CallTroubles troubles,
            SessionOptions options) {
        this.info = info;
        this.audioStartMillis = info.audioStartMillis();
        this.outbox = outbox;
        this.time = time;
        this.meters = meters;
        this.speech = speech;
        this.speakers = speakers;
        this.troubles = troubles;
        this.partialIntervalNanos = options.partialInterval().toNanos();
        this.lastPartialNanos = time.nanos() - partialIntervalNanos;
    }

    /** The last published words, in order: those that a replay may hear again. */
    List<Word> published() {
        return List.copyOf(published);
    }

    /**
     * Where a replay has to begin so that what is heard again can be told from what is new: two published words back, where
     * there are two. {@link Long#MAX_VALUE} where nothing is published.
     */
    long replayFromMillis() {
        return TranscriptProgress.replayFromMillis(published, Long.MAX_VALUE);
    }

    /**
     * Leaves room for events of the stream that this process does not know of: from now on {@code seq} is at least the
     * time, in epoch milliseconds. No stream has as many events as it has milliseconds.
     */
    void numberFromNow() {
        nextSeq.accumulateAndGet(time.epochMillis(), Math::max);
    }

    /** No event of the stream has a higher {@code seq}, nor will what is still to be said of it. From any thread. */
    long highestSeq() {
        return nextSeq.get() + UNKNOWN_SEQS;
    }

    void started(List<AudioReceipt> receipts) {
        CallInfo.Before before = info.before();
        if (before != null) {
            nextSeq.accumulateAndGet(before.lastSeq() + 1, Math::max);
            numberFromNow();
        }
        outbox.add(new TranscriptEvent.CallStarted(info, nextSeq.getAndIncrement(), time.epochMillis()), receipts);
    }

    /** Goes on where another process left off; the stream was told as started by that one. */
    void resumed(CallResume resume) {
        nextSeq.set(resume.lastSeq() + UNKNOWN_SEQS + 1);
        numberFromNow();
        resume.published().forEach(word -> published.add(shifted(word, -audioStartMillis)));
        lastFinalEndMillis = Math.max(0, resume.lastFinalEndMillis() - audioStartMillis);
        utteranceOpen = resume.utteranceOpen();
        speakers.given(resume.speakers());
        toldBefore = resume.gaps();
        // Partials are not remembered anywhere: the worker before may have published one that no final replaced.
        shown.put(0, new Stretch(lastFinalEndMillis, Long.MAX_VALUE));
    }

    void status(State state, String provider, @Nullable String reason) {
        lastState = state;
        lastProvider = provider;
        status(state, provider, reason, List.of());
    }

    /** Publishes what a note says, in the state that was published last: no recogniser has changed it. */
    void note(CallNote note, List<AudioReceipt> receipts) {
        if (note.failed()) {
            status(State.FAILED, null, note.text(), receipts);
        } else {
            status(lastState, lastProvider, note.text(), receipts);
        }
    }

    private void status(State state, @Nullable String provider, @Nullable String reason, List<AudioReceipt> receipts) {
        tellGap();
        outbox.add(
                new TranscriptEvent.Status(
                        info.stream(), nextSeq.getAndIncrement(), time.epochMillis(), state, provider, reason),
                receipts);
    }

    /**
     * Tells a loss; nothing where the hole is empty. Losses that touch are one gap, whatever their reasons, told once a
     * second at most, so that a stream that loses everything does not flood its readers.
     */
    void gap(AudioBacklog.Hole hole, String reason) {
        if (hole.isEmpty()) {
            return;
        }
        Gap gap = new Gap(
                info.stream(),
                0,
                0,
                audioStartMillis + AudioFormat.millis(hole.fromSample(), info.sampleRate()),
                audioStartMillis + AudioFormat.millis(hole.toSample(), info.sampleRate()),
                reason);
        if (toldBefore.stream().anyMatch(told -> told.contains(gap))) {
            return;
        }
        Gap held = heldGap;
        if (held != null && held.touches(gap)) {
            heldGap = held.joinedWith(gap);
            return;
        }
        tellGap();
        heldGap = gap;
        gapHeldSinceNanos = time.nanos();
    }

    private void tellGap() {
        Gap held = heldGap;
        if (held == null) {
            return;
        }
        heldGap = null;
        Map<String, Long> range = Map.of("start_ms", held.startMillis(), "end_ms", held.endMillis());
        troubles.happened(new Trouble(Kind.AUDIO_LOST, info.stream(), held.reason(), range));
        meters.lost(Duration.ofMillis(held.endMillis() - held.startMillis()));
        withdrawWithin(held.startMillis() - audioStartMillis, held.endMillis() - audioStartMillis);
        outbox.add(
                new Gap(
                        info.stream(),
                        nextSeq.getAndIncrement(),
                        time.epochMillis(),
                        held.startMillis(),
                        held.endMillis(),
                        held.reason()),
                List.of());
    }

    /** The stream's first audio came. */
    void audioBegan() {
        audioSinceNanos = time.nanos();
    }

    private void heard() {
        speech.transcribed();
        if (audioSinceNanos != NEVER) {
            meters.firstTranscriptAfter(Duration.ofNanos(time.nanos() - audioSinceNanos));
            audioSinceNanos = NEVER;
        }
    }

    /** Takes what the recogniser believes so far; published now or, if that is too soon, by {@link #tick}. */
    void partial(RecognisedSpan span, @Nullable ReplayCut cut) {
        RecognisedSpan fresh = cut == null
                ? span
                : lastWords(span, cut.unpublishedSoFar(span.words()).size());
        if (fresh.text().isEmpty()) {
            return;
        }
        heldPartial = fresh;
        tick();
    }

    /** Whether something is held back that {@link #tick} will publish. */
    boolean holdsSomething() {
        return heldPartial != null || heldGap != null;
    }

    /** Forgets a partial that was held back: it was said on a connection that is gone. */
    void dropPartial() {
        heldPartial = null;
    }

    /** Replaces every published partial: no recogniser will say what follows. */
    void withdrawPartials() {
        heldPartial = null;
        withdrawWithin(0, Long.MAX_VALUE);
    }

    private void withdrawWithin(long fromMillis, long toMillis) {
        List.copyOf(shown.keySet()).forEach(channel -> withdrawWithin(fromMillis, toMillis, channel));
    }

    /**
     * Replaces a channel's partial of a stretch of audio in which nothing was said after all, or which is lost. A final
     * does it, for buses keep finals and may drop partials.
     */
    private void withdrawWithin(long fromMillis, long toMillis, int channel) {
        Stretch partial = shown.get(channel);
        if (partial != null && partial.overlaps(fromMillis, toMillis)) {
            finalWithoutWords(channel, !utteranceOpen);
        }
    }

    /** Publishes the latest partial, and a loss that was held, if it is time. */
    void tick() {
        if (heldGap != null && time.nanos() - gapHeldSinceNanos >= GAP_HELD_NANOS) {
            tellGap();
        }
        RecognisedSpan span = heldPartial;
        long now = time.nanos();
        // Where the bus is slower than the recogniser, only the latest belief is worth waiting for it.
        if (span == null || now - lastPartialNanos < partialIntervalNanos || !outbox.isIdle()) {
            return;
        }
        heldPartial = null;
        lastPartialNanos = now;
        heard();
        meters.partial();
        long startMillis = Math.max(lastFinalEndMillis, span.startMillis());
        long endMillis = Math.max(startMillis, span.endMillis());
        shown.put(span.channel(), new Stretch(startMillis, Math.max(startMillis + 1, endMillis)));
        outbox.add(
                new Partial(
                        info.stream(),
                        nextSeq.getAndIncrement(),
                        time.epochMillis(),
                        span.text(),
                        span.confidence(),
                        audioStartMillis + startMillis,
                        audioStartMillis + endMillis,
                        span.channel(),
                        span.language()),
                List.of());
    }

    /** A connection to a recogniser begins, which tells other speakers than the one before. */
    void connectionBegan() {
        speakers.connectionBegan();
    }

    /**
     * Takes what was said, for good: a final for each speaker's turn.
     *
     * @param span the span; its words may have been published before where there is a cut
     * @param cut tells them apart; null where nothing is heard a second time
     * @param receipts settled once everything up to here is published
     */
    void finalResult(RecognisedSpan span, @Nullable ReplayCut cut, List<AudioReceipt> receipts) {
        if (heldPartial != null && heldPartial.channel() == span.channel()) {
            heldPartial = null;
        }
        RecognisedSpan fresh = cut == null
                ? span
                : lastWords(span, cut.unpublished(span.words()).size());
        if (fresh.text().isEmpty()) {
            if (span.utteranceEnd() || span.endMillis() - lastFinalEndMillis >= UTTERANCE_OVER_AFTER_MILLIS) {
                utteranceEnd();
            }
            withdrawWithin(span.startMillis(), span.endMillis(), span.channel());
            outbox.settle(receipts);
            return;
        }
        tellGap();
        List<RecognisedSpan> turns = SpeakerTurns.of(fresh);
        for (RecognisedSpan turn : turns.subList(0, turns.size() - 1)) {
            turn(turn, List.of());
        }
        turn(turns.get(turns.size() - 1), receipts);
    }

    private void turn(RecognisedSpan fresh, List<AudioReceipt> receipts) {
        shown.remove(fresh.channel());
        List<Word> words = speakers.of(afterLastFinal(fresh.words()));
        Integer speaker = words.isEmpty() ? null : words.get(0).speaker();
        long startMillis = words.isEmpty()
                ? Math.max(lastFinalEndMillis, fresh.startMillis())
                : words.get(0).startMillis();
        long endMillis = words.isEmpty()
                ? fresh.endMillis()
                : words.get(words.size() - 1).endMillis();
        lastFinalEndMillis = Math.max(startMillis, endMillis);
        utteranceOpen = !fresh.utteranceEnd();
        remember(words);
        heard();
        meters.finalResult(words.size());
        outbox.add(
                new Final(
                        info.stream(),
                        nextSeq.getAndIncrement(),
                        time.epochMillis(),
                        fresh.text(),
                        fresh.confidence(),
                        audioStartMillis + startMillis,
                        audioStartMillis + lastFinalEndMillis,
                        fresh.channel(),
                        speaker,
                        speaker == null ? 0 : speakers.given(),
                        fresh.language(),
                        fresh.utteranceEnd(),
                        shifted(words)),
                receipts);
    }

    /** The speaker came to an end after the last final: told by a final of its own, with nothing in it. */
    void utteranceEnd() {
        if (!utteranceOpen) {
            return;
        }
        utteranceOpen = false;
        finalWithoutWords(0, true);
    }

    private void finalWithoutWords(int channel, boolean utteranceEnd) {
        shown.remove(channel);
        outbox.add(
                new Final(
                        info.stream(),
                        nextSeq.getAndIncrement(),
                        time.epochMillis(),
                        "",
                        null,
                        audioStartMillis + lastFinalEndMillis,
                        audioStartMillis + lastFinalEndMillis,
                        channel,
                        null,
                        0,
                        null,
                        utteranceEnd,
                        List.of()),
                List.of());
    }

    CallEnded ended(CallEnd end, List<AudioReceipt> receipts) {
        tellGap();
        CallEnded ended = new CallEnded(
                info.stream(),
                nextSeq.getAndIncrement(),
                time.epochMillis(),
                end.reason(),
                audioStartMillis + AudioFormat.millis(end.totalSamples(), info.sampleRate()),
                Math.max(info.leg(), end.leg()),
                speakers.given());
        outbox.add(ended, receipts);
        return ended;
    }

    private List<Word> shifted(List<Word> words) {
        return audioStartMillis == 0
                ? words
                : words.stream().map(word -> shifted(word, audioStartMillis)).toList();
    }

    private static Word shifted(Word word, long byMillis) {
        return word.at(word.startMillis() + byMillis, word.endMillis() + byMillis);
    }

    private void remember(List<Word> words) {
        published.addAll(words);
        while (published.size() > MAX_REMEMBERED_WORDS
                || (!published.isEmpty()
                        && published.getFirst().endMillis() < lastFinalEndMillis - REMEMBERED_MILLIS)) {
            published.removeFirst();
        }
    }

    /** Times jitter between two hearings; finals still follow each other. */
    private List<Word> afterLastFinal(List<Word> words) {
        return words.stream()
                .map(word ->
                        word.startMillis() >= lastFinalEndMillis ? word : word.at(lastFinalEndMillis, word.endMillis()))
                .toList();
    }

    /** The span with only its last words left. A recogniser that gives no words cannot be cut. */
    private static RecognisedSpan lastWords(RecognisedSpan span, int count) {
        return span.part(span.words().size() - count, span.words().size());
    }
}
