package io.rtaa.redis;

import io.rtaa.call.AudioFormat;
import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallInfo;
import io.rtaa.call.CallNote;
import io.rtaa.call.CallStart;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent.CallEnded;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A partition of audio that this process reads: how far it is read, and the calls that were met in it.
 *
 * <p>Thread-safety: the reading thread uses it; {@link #weight} may be asked from any.
 */
final class AudioPartition {

    /** A call that is over is remembered for so long, for the repeats of a publisher that got no answer. */
    private static final Duration OVER_REMEMBERED = Duration.ofMinutes(10);

    /** With so much audio of a call unsettled its partition is read no further, as long as the call gets on. */
    private static final long MOST_UNSETTLED_MILLIS = 30_000;

    /** A call of which nothing was settled for so long does not get on, and holds up nobody else's. */
    private static final Duration GETS_ON_WITHIN = Duration.ofSeconds(5);

    /** While nothing of it is read, a partition's streams are told so often that it is not their fault. */
    private static final Duration SIGN_OF_LIFE_EVERY = Duration.ofSeconds(5);

    private static final Duration SWEEP_EVERY = Duration.ofSeconds(1);

    /** A call that was met. */
    private static final class Call {
        private final AtomicLong unsettledSamples = new AtomicLong();
        private volatile long lastSettledNanos = System.nanoTime();
        private int sampleRate;
        private long endSample;
        private long number;
        private boolean ended;
        /** 0 where it was not told. */
        private long leg;
        /**
         * Stands for a leg that was not told, once that is over; where its start was not seen either, nothing is later.
         */
        private long startedAtMillis;

        private long overSinceNanos;
        private volatile boolean over;
        /** Whether it was another owner of the partition that ended it. */
        private boolean overBefore;
        /** Null where it is not over, or Redis has forgotten how it ended. */
        private @Nullable CallEnded end;
    }

    private final Lease lease;
    private final long takenNanos = System.nanoTime();
    private final Map<StreamId, Call> calls = new ConcurrentHashMap<>();
    private Position read;
    private boolean askedForLive;
    private long lastSignOfLifeNanos = System.nanoTime();
    private long lastSweepNanos = lastSignOfLifeNanos;

    AudioPartition(Lease lease, Position from) {
        this.lease = lease;
        this.read = from;
    }

    Lease lease() {
        return lease;
    }

    Position read() {
        return read;
    }

    void read(Position upTo) {
        read = upTo;
    }

    boolean knows(StreamId stream) {
        return calls.containsKey(stream);
    }

    /** Whether a message belongs to a leg that is over, or whose place another one has taken. */
    boolean isOver(AudioMessage message) {
        Call call = calls.get(message.stream());
        return call != null && (call.over ? !message.isOfLaterLegThan(call.leg) : message.isOfEarlierLegThan(call.leg));
    }

    /** A stream is met for the first time, and its session is told so. */
    void meet(CallInfo info) {
        met(info);
    }

    private Call met(CallInfo info) {
        Call call = calls.computeIfAbsent(info.stream(), any -> new Call());
        call.sampleRate = info.sampleRate();
        call.leg = info.leg();
        call.startedAtMillis = info.startedAtMillis();
        return call;
    }

    /**
     * A stream is met that was over before.
     *
     * @param end how it ended; null where Redis has forgotten that
     */
    void meetOver(CallInfo info, @Nullable CallEnded end) {
        Call call = met(info);
        over(info.stream(), info.leg(), end);
        call.overBefore = true;
    }

    /** A leg of a stream is over: whatever else comes of it is a repeat. */
    private void over(StreamId stream, long leg, @Nullable CallEnded end) {
        Call call = calls.computeIfAbsent(stream, any -> new Call());
        if (leg != 0 && leg < call.leg) {
            // Another one has begun meanwhile.
            return;
        }
        call.leg = Math.max(leg, call.leg == 0 ? call.startedAtMillis : call.leg);
        call.over = true;
        call.overSinceNanos = System.nanoTime();
        call.end = end;
    }

    /** Whether a message begins a leg of a stream that another owner of the partition ended. */
    boolean followsAnotherOwnersEnd(AudioMessage message) {
        Call call = calls.get(message.stream());
        return call != null && call.overBefore && message instanceof CallStart;
    }

    /**
     * The message; the start of a leg that follows an end says whether it goes on with the call. Before it is noted.
     */
    AudioMessage goesOn(AudioMessage message) {
        Call call = calls.get(message.stream());
        return call != null && call.end != null && message instanceof CallStart start
                ? new CallStart(start.info().after(call.end))
                : message;
    }

    /**
     * A message of a stream that is handed on.
     *
     * @return what is to be told when it is settled
     */
    Runnable note(AudioMessage message) {
        Call call =
                calls.compute(message.stream(), (stream, known) -> isGoneBefore(known, message) ? new Call() : known);
        call.leg = Math.max(call.leg, message.leg());
        if (message instanceof CallStart start) {
            call.sampleRate = start.info().sampleRate();
        } else if (message instanceof AudioWindow window) {
            call.sampleRate = window.sampleRate();
            call.endSample = Math.max(call.endSample, window.endSample());
            call.number = Math.max(call.number, window.number());
        } else if (message instanceof CallEnd) {
            call.ended = true;
        }
        int samples = message instanceof AudioWindow window ? window.samples() : 0;
        call.unsettledSamples.addAndGet(samples);
        return () -> {
            call.unsettledSamples.addAndGet(-samples);
            call.lastSettledNanos = System.nanoTime();
        };
    }

    private static boolean isGoneBefore(@Nullable Call known, AudioMessage message) {
        return known == null || known.over || message.isOfLaterLegThan(known.leg);
    }

    /**
     * Whether it is better to leave in the log what comes next: some call has a lot of audio at its recogniser, which is
     * catching up. Read at once, the audio of a long outage would be more than a session keeps.
     */
    boolean isFull() {
        long now = System.nanoTime();
        return calls.values().stream()
                .anyMatch(call -> !call.over
                        && call.sampleRate > 0
                        && AudioFormat.millis(call.unsettledSamples.get(), call.sampleRate) > MOST_UNSETTLED_MILLIS
                        && now - call.lastSettledNanos < GETS_ON_WITHIN.toNanos());
    }

    /** Notes the streams whose end was published meanwhile, and forgets those whose end is long ago. */
    void tidy() {
        for (CallEnded end = lease.nextOver(); end != null; end = lease.nextOver()) {
            over(end.stream(), end.leg(), end);
        }
        long now = System.nanoTime();
        if (now - lastSweepNanos > SWEEP_EVERY.toNanos()) {
            lastSweepNanos = now;
            calls.values().removeIf(call -> call.over && now - call.overSinceNanos > OVER_REMEMBERED.toNanos());
        }
    }

    /** The streams that somebody here recognises. */
    List<StreamId> recognised() {
        return calls.entrySet().stream()
                .filter(known -> !known.getValue().over)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** How many streams would have to move with the partition. */
    int weight() {
        return recognised().size();
    }

    /** Whether it is time to say once more that streams may still be there although nothing of them is read. */
    boolean isSignOfLifeDue() {
        return System.nanoTime() - lastSignOfLifeNanos > SIGN_OF_LIFE_EVERY.toNanos();
    }

    /** For each stream whose end has not come: a window without audio, which says that it may still be there. */
    List<AudioWindow> signsOfLife() {
        lastSignOfLifeNanos = System.nanoTime();
        return calls.entrySet().stream()
                .filter(known -> !known.getValue().over && !known.getValue().ended)
                .filter(known -> known.getValue().sampleRate > 0)
                .map(known -> signOfLife(known.getKey(), known.getValue()))
                .toList();
    }

    private static AudioWindow signOfLife(StreamId stream, Call call) {
        return new AudioWindow(stream, call.number, call.endSample, call.sampleRate, new byte[0]);
    }

    /**
     * Whether it is time to look for streams that are live and of which nothing has come since the partition was taken; true once.
     *
     * @param after a stream that is there has sent something by then
     */
    boolean asksForLive(Duration after) {
        if (askedForLive || System.nanoTime() - takenNanos < after.toNanos()) {
            return false;
        }
        askedForLive = true;
        return true;
    }

    /** Asks once more: no answer came. */
    void askAgainForLive() {
        askedForLive = false;
    }

    /** The sample a stream's audio begins with that a message belongs to. */
    static long firstSample(@Nullable AudioMessage message) {
        if (message instanceof AudioWindow window) {
            return window.firstSample();
        }
        if (message instanceof CallNote note) {
            return note.sample();
        }
        return message instanceof CallEnd end ? end.totalSamples() : 0;
    }
}
