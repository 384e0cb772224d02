package io.rtaa.dashboard;

import io.rtaa.call.CallInfo;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.CallErased;
import io.rtaa.call.TranscriptEvent.CallStarted;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The calls that are live or ended a short while ago, as their transcript events tell it.
 *
 * <p>What it takes in: an event whose seq is not above the last one seen of its stream is a repeat (a bus delivers at least
 * once) and is dropped. So is whatever follows a call's end, except a {@code call_started}: where its seq goes on, so
 * does the call, over another socket; where it is later than that end, a caller used the id again, and the new call
 * takes the place of the old. An event of a stream that was not heard of opens
 * a call, whatever its type, so a book that was opened late shows what it knows. A {@code call_erased} removes its call,
 * and whatever else comes of that call is dropped.
 *
 * <p>What it keeps: ended calls for {@link #RETENTION} after the end's own time stamp. Above {@link Limits} the tenant
 * with most ended calls (or bytes of them) loses the one that ended first; where no call has ended, the tenant with most
 * live calls loses the one not heard of for the longest time. Both are counted in {@link Counts#evicted()}. So many short
 * calls of one tenant push out nothing of a tenant that has few.
 *
 * <p>A live call is lost where its workers say of quiet calls that they have them, and nothing came of it for as long
 * as the book was told: its worker is away. It is live again with the next event or keep-alive, and forgotten after
 * {@link #LOST_KEPT}. Time in which the bus cannot be read, or this process stands still, counts against no call.
 *
 * <p>Thread-safety: safe for use from any thread; what it hands out does not change.
 */
public final class CallBook {

    /** How long an ended call is kept. */
    public static final Duration RETENTION = Duration.ofMinutes(10);

    /** How long a lost call is kept: as far as a dashboard that starts looks back. */
    public static final Duration LOST_KEPT = Duration.ofHours(2);

    /** {@link #looks} is told at least so often by a process that runs. */
    private static final Duration LOOKS_WITHIN = Duration.ofSeconds(10);

    private final Clock clock;
    private final Limits limits;
    private final Duration lostAfter;
    /** Since when the bus is read without a break. */
    private volatile long readSinceMillis;

    private volatile long lookedMillis;

    /** Live calls, the one not heard of for the longest time first. */
    private final TenantShares<Call> live = new TenantShares<>(Call::bytes);

    /** Ended calls, in the order in which their ends came. */
    private final TenantShares<Call> ended = new TenantShares<>(Call::bytes);

    /** Calls that were erased, the one erased first first: what a bus still delivers of them is dropped. */
    private final TenantShares<CallErased> erased = new TenantShares<>(erasure -> 0);

    private long accepted;
    private long repeats;
    private long late;
    private long evicted;

    /** @param lostAfter how long nothing may come of a live call until it is lost; zero for as long as it likes */
    public CallBook(Clock clock, Limits limits, Duration lostAfter) {
        this.clock = clock;
        this.limits = limits;
        this.lostAfter = lostAfter;
        this.readSinceMillis = clock.millis();
        this.lookedMillis = readSinceMillis;
    }

    /**
     * How much a book holds at most.
     *
     * @param maxCalls calls, live and ended together; at least 1
     * @param maxBytes about how much heap they take; at least 1
     */
    public record Limits(int maxCalls, long maxBytes) {

        /** Five times the calls one process admits by default. */
        public static final int DEFAULT_MAX_CALLS = 10_000;

        /** The most heap the book takes by default; a smaller heap gives a quarter of itself. */
        public static final long DEFAULT_MAX_BYTES = 512L << 20;

        public static final Limits DEFAULT = new Limits(
                DEFAULT_MAX_CALLS,
                Math.min(DEFAULT_MAX_BYTES, Runtime.getRuntime().maxMemory() / 4));

        public Limits {
            if (maxCalls < 1 || maxBytes < 1) {
                throw new IllegalArgumentException(
                        "call book of " + maxCalls + " calls and " + maxBytes + " bytes; allowed: at least 1 of each");
            }
        }
    }

    /**
     * What the book did since it was opened, and what it holds.
     *
     * @param live calls that are live
     * @param ended calls that ended and are still kept
     * @param bytes about how much heap both take
     * @param accepted events taken in
     * @param repeats events dropped because they were seen before
     * @param late events dropped because their call was over
     * @param evicted calls that went early, because the book was full
     */
    public record Counts(int live, int ended, long bytes, long accepted, long repeats, long late, long evicted) {}

    /** What became of an event. */
    enum Outcome {
        /** New, and part of the call as it was known. */
        ACCEPTED,
        /** New, and the first of a call that took the place of an ended one of the same id. */
        REPLACED,
        /** The call is erased. */
        ERASED,
        /** Nothing new. */
        DROPPED
    }

    /** Takes in an event. */
    synchronized Outcome add(TranscriptEvent event) {
        dropExpired();
        StreamId stream = event.stream();
        if (event instanceof CallErased erasure) {
            return erase(erasure);
        }
        CallErased gone = erased.get(stream);
        if (gone != null && !gone.isFollowedBy(event)) {
            late++;
            return Outcome.DROPPED;
        }
        erased.remove(stream);
        Outcome outcome = Outcome.ACCEPTED;
        Call over = ended.get(stream);
        if (over != null && event instanceof CallStarted && event.seq() > over.lastSeq()) {
            ended.remove(stream);
            live.put(stream, over);
        } else if (over != null) {
            if (!isReuse(over, event)) {
                if (event.seq() <= over.lastSeq()) {
                    repeats++;
                } else {
                    late++;
                }
                return Outcome.DROPPED;
            }
            ended.remove(stream);
            outcome = Outcome.REPLACED;
        }
        Call call = live.get(stream);
        if (call == null) {
            call = new Call(stream, event.timestampMillis());
        } else if (event.seq() <= call.lastSeq()) {
            repeats++;
            return Outcome.DROPPED;
        }
        live.remove(stream);
        call.heard(clock.millis());
        call.add(event);
        accepted++;
        if (call.isLive()) {
            live.put(stream, call);
        } else {
            ended.put(stream, call);
            dropExpired();
        }
        dropOverflow(call);
        return outcome;
    }

    private Outcome erase(CallErased erasure) {
        StreamId stream = erasure.stream();
        Call call = find(stream);
        if (call != null && call.beganAfter(erasure)) {
            late++;
            return Outcome.DROPPED;
        }
        if (call == null && erased.get(stream) != null) {
            repeats++;
            return Outcome.DROPPED;
        }
        live.remove(stream);
        ended.remove(stream);
        erased.remove(stream);
        erased.put(stream, erasure);
        CallErased first = erased.size() > limits.maxCalls() ? erased.firstOfTenantWithMost(false) : null;
        if (first != null) {
            erased.remove(first.stream());
        }
        accepted++;
        return Outcome.ERASED;
    }

    /**
     * What erases a call: for one that is erased already the same as before.
     *
     * @return null while the call is live, and for a call that the book does not have
     */
    synchronized @Nullable CallErased erasure(StreamId stream) {
        Call call = find(stream);
        return call == null ? erased.get(stream) : call.erasure(clock.millis());
    }

    /** A worker still has a call. */
    synchronized void keepAlive(StreamId stream) {
        Call call = live.remove(stream);
        if (call != null) {
            call.heard(clock.millis());
            live.put(stream, call);
        }
    }

    /**
     * Says whether the bus can be read now. Every second, by one thread; waits for nothing.
     *
     * @param works false while it cannot, for then silence says nothing of a call
     */
    public void looks(boolean works) {
        long now = clock.millis();
        if (!works || now - lookedMillis > LOOKS_WITHIN.toMillis()) {
            readSinceMillis = now;
        }
        lookedMillis = now;
    }

    private boolean isLost(Call call) {
        return !lostAfter.isZero() && call.isLive() && quietMillis(call) >= lostAfter.toMillis();
    }

    private long quietMillis(Call call) {
        return clock.millis() - Math.max(call.heardMillis(), readSinceMillis);
    }

    private static boolean isReuse(Call over, TranscriptEvent event) {
        CallEnded end = over.ended();
        return event instanceof CallStarted && end != null && event.timestampMillis() > end.timestampMillis();
    }

    private void dropExpired() {
        dropLongLost();
        dropLongErased();
        long oldest = clock.millis() - RETENTION.toMillis();
        // Ends come nearly in order of time; one that comes late only waits for those before it.
        dropFirst(ended, Call::stream, call -> endedBy(call, oldest));
    }

    private static boolean endedBy(Call call, long millis) {
        CallEnded end = call.ended();
        return end != null && end.timestampMillis() <= millis;
    }

    private void dropLongErased() {
        long oldest = clock.millis() - LOST_KEPT.toMillis();
        dropFirst(erased, CallErased::stream, erasure -> erasure.timestampMillis() <= oldest);
    }

    private void dropLongLost() {
        if (!lostAfter.isZero()) {
            evicted += dropFirst(live, Call::stream, call -> quietMillis(call) >= LOST_KEPT.toMillis());
        }
    }

    /** Drops the first ones that are out of date, up to one that is not. */
    private static <V> int dropFirst(TenantShares<V> from, Function<V, StreamId> stream, Predicate<V> isOver) {
        int dropped = 0;
        for (V first = from.first(); first != null && isOver.test(first); first = from.first()) {
            from.remove(stream.apply(first));
            dropped++;
        }
        return dropped;
    }

    private void dropOverflow(Call justHeard) {
        while (tooManyCalls() || tooManyBytes()) {
            TenantShares<Call> from = ended.size() == 0 ? live : ended;
            Call victim = from.firstOfTenantWithMost(!tooManyCalls());
            if (victim == null || (victim == justHeard && live.size() + ended.size() == 1)) {
                return;
            }
            from.remove(victim.stream());
            evicted++;
        }
    }

    private boolean tooManyCalls() {
        return live.size() + ended.size() > limits.maxCalls();
    }

    private boolean tooManyBytes() {
        return live.bytes() + ended.bytes() > limits.maxBytes();
    }

    /** The call's part of a snapshot, as {@link Call#replay} gives it, or its erasure; empty where the book has neither. */
    synchronized List<TranscriptEvent> replay(StreamId stream, long afterSeq, long maxBytes) {
        Call call = find(stream);
        if (call != null) {
            return call.replay(afterSeq, maxBytes);
        }
        CallErased erasure = erased.get(stream);
        return erasure == null || erasure.seq() <= afterSeq ? List.of() : List.of(erasure);
    }

    /** The calls a viewer might see if they were not erased, a short while ago. */
    synchronized List<StreamId> erasedStreams(Viewer viewer) {
        dropExpired();
        return erased.streams().stream().filter(viewer::sees).toList();
    }

    /** The calls a viewer may see: the live ones, the longest silent first, then those that ended, oldest end first. */
    synchronized List<StreamId> streams(Viewer viewer) {
        dropExpired();
        List<StreamId> streams = new ArrayList<>();
        live.streams().stream().filter(viewer::sees).forEach(streams::add);
        ended.streams().stream().filter(viewer::sees).forEach(streams::add);
        return streams;
    }

    /** Summaries of {@link #streams}, in the same order. */
    synchronized List<CallSummary> summaries(Viewer viewer) {
        dropExpired();
        List<CallSummary> summaries = new ArrayList<>();
        for (TenantShares<Call> calls : List.of(live, ended)) {
            calls.values().stream()
                    .filter(call -> viewer.sees(call.stream()))
                    .map(call -> call.summary(isLost(call)))
                    .forEach(summaries::add);
        }
        return summaries;
    }

    /** All that was said in a call so far; empty where the book has no such call. */
    synchronized Optional<CallTranscript> transcript(StreamId stream) {
        dropExpired();
        return Optional.ofNullable(find(stream)).map(call -> call.transcript(isLost(call)));
    }

    /** Whether some tenant's call of this id is live. */
    synchronized boolean isLive(String interactionId) {
        return live.streams().stream().anyMatch(stream -> stream.interactionId().equals(interactionId));
    }

    /** The start of the leg that a call has or had last; null for a call that is not known, or whose start is not. */
    synchronized @Nullable CallInfo latestLeg(StreamId stream) {
        Call call = find(stream);
        CallStarted latest = call == null ? null : call.latestStart();
        return latest == null ? null : latest.info();
    }

    public synchronized Counts counts() {
        dropExpired();
        return new Counts(live.size(), ended.size(), live.bytes() + ended.bytes(), accepted, repeats, late, evicted);
    }

    private @Nullable Call find(StreamId stream) {
        Call call = live.get(stream);
        return call == null ? ended.get(stream) : call;
    }
}
