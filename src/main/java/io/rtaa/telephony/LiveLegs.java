package io.rtaa.telephony;

import io.rtaa.call.EndReason;
import io.rtaa.call.StreamId;
import io.rtaa.tracing.CallTracing;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The callers of this process: who is connected, which streams are live, and whether another caller may come in.
 *
 * <p>A stream's id names one stream. One that is live, or was ended by its caller so lately that its transcript is
 * still remembered, is not given out a second time. One whose socket was cut off is free at once: the stream goes on
 * over the next socket.
 *
 * <p>Admission counts callers' connections, as a connection carries at most one stream at a time. A handshake that is let in
 * takes a place, and its connection keeps it until it is gone.
 *
 * <p>Thread-safety: all methods may be called from any thread; none blocks but {@link #awaitEnd}.
 */
public final class LiveLegs {

    /** How long an ended stream's id is not given out again: as long as its transcript is remembered. */
    public static final Duration REMEMBERED = Duration.ofMinutes(10);

    /** The most ended ids that are remembered; above it the oldest is forgotten. About 20 MB where all are long. */
    public static final int MAX_REMEMBERED = 100_000;

    private static final int MAX_SUFFIXES = 10_000;

    /** The most streams of one id that are remembered as cut off; above it the next socket gets a new suffix. */
    private static final int MAX_CUT_OFF = 100;

    private static final char SUFFIX = '~';
    private static final int FIRST_SUFFIX = 2;

    /** The suffixes of one id. */
    private static final class Suffixes {
        /** No higher one was claimed: a caller that uses an id thousands of times finds a free one at once. */
        private int next = FIRST_SUFFIX;

        private final NavigableSet<Integer> cutOff = new TreeSet<>();
    }

    /** What became of a claim to a stream's id. */
    public enum Claim {
        /** The id is the claimant's until {@link #end}. */
        GRANTED,
        /** Another leg has it. */
        LIVE,
        /** A leg had it less than {@link #REMEMBERED} ago, and its caller ended it. */
        ENDED_LATELY
    }

    private final int maxCalls;
    private final CallTracing tracing;
    private final Clock clock;
    private int places;
    private final Set<StreamId> live = new HashSet<>();

    /** The suffixes of ids that were claimed more than once, those of the id longest unused forgotten first. */
    private final Map<StreamId, Suffixes> suffixes = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<StreamId, Suffixes> eldest) {
            return size() > MAX_SUFFIXES;
        }
    };

    private final Map<StreamId, Long> endedAtMillis = new LinkedHashMap<>();

    private boolean draining;
    private boolean cuttingOff;

    /**
     * @param maxCalls the most callers at a time, at least 1
     * @param clock says when streams end
     * @param tracing traces the calls, whatever protocol they come by
     */
    public LiveLegs(int maxCalls, Clock clock, CallTracing tracing) {
        if (maxCalls < 1) {
            throw new IllegalArgumentException("max calls " + maxCalls + "; allowed: at least 1");
        }
        this.maxCalls = maxCalls;
        this.tracing = tracing;
        this.clock = clock;
    }

    /** What traces the calls. */
    CallTracing tracing() {
        return tracing;
    }

    /** Takes a place for a caller whose handshake is otherwise in order; false while full or draining. */
    public synchronized boolean tryAdmit() {
        if (draining || places >= maxCalls) {
            return false;
        }
        places++;
        return true;
    }

    /** A caller that was admitted is gone: gives its place back. */
    public synchronized void release() {
        places--;
    }

    /** Claims a stream's id for a leg. */
    public synchronized Claim claim(StreamId stream) {
        forgetOld();
        if (live.contains(stream)) {
            return Claim.LIVE;
        }
        if (endedAtMillis.containsKey(stream)) {
            return Claim.ENDED_LATELY;
        }
        live.add(stream);
        return Claim.GRANTED;
    }

    /**
     * Claims a stream's id, or where another leg has or lately had it one of {@code id~2}, {@code id~3} and so on: the
     * first whose stream was cut off, so that it goes on, else the first that no leg had. What a telephone exchange
     * sends is taken, and never touches the other leg.
     *
     * @return the claimed id
     * @throws IllegalArgumentException if the wanted id is free with no suffix that {@link StreamId} allows
     */
    public synchronized StreamId claimNearest(StreamId wanted) {
        if (claim(wanted) == Claim.GRANTED) {
            return wanted;
        }
        Suffixes used = suffixes.computeIfAbsent(wanted, id -> new Suffixes());
        StreamId stream;
        do {
            Integer cutOff = used.cutOff.pollFirst();
            int suffix = cutOff == null ? used.next++ : cutOff;
            stream = new StreamId(wanted.tenantId(), wanted.interactionId() + SUFFIX + suffix);
        } while (claim(stream) != Claim.GRANTED);
        return stream;
    }

    /** Remembers that a stream was cut off, if its id is another one's with a suffix. */
    private void noteCutOff(StreamId stream) {
        String id = stream.interactionId();
        int end = id.lastIndexOf(SUFFIX);
        if (end < 0 || id.substring(0, end).isBlank() || !id.substring(end + 1).matches("[1-9][0-9]{0,8}")) {
            return;
        }
        Suffixes used = suffixes.get(new StreamId(stream.tenantId(), id.substring(0, end)));
        int suffix = Integer.parseInt(id.substring(end + 1));
        // Another one was not given out here: it is part of an id that the caller chose.
        if (used != null && suffix >= FIRST_SUFFIX && suffix < used.next && used.cutOff.size() < MAX_CUT_OFF) {
            used.cutOff.add(suffix);
        }
    }

    /**
     * A stream has ended; its id stays taken for {@link #REMEMBERED}, unless the stream may go on over another socket.
     */
    public synchronized void end(StreamId stream, EndReason reason) {
        if (live.remove(stream)) {
            if (reason.isCutOff()) {
                noteCutOff(stream);
            } else {
                endedAtMillis.put(stream, clock.millis());
            }
            forgetOld();
            notifyAll();
        }
    }

    private void forgetOld() {
        long forgotten = clock.millis() - REMEMBERED.toMillis();
        Iterator<Long> oldestFirst = endedAtMillis.values().iterator();
        while (oldestFirst.hasNext() && (oldestFirst.next() <= forgotten || endedAtMillis.size() > MAX_REMEMBERED)) {
            oldestFirst.remove();
        }
    }

    /** The live streams. */
    public synchronized int liveCount() {
        return live.size();
    }

    /** The live streams that a predicate holds for. */
    public synchronized int liveCount(Predicate<StreamId> which) {
        return (int) live.stream().filter(which).count();
    }

    /** The callers that were let in and are not gone, whether or not their stream has started. */
    public synchronized int connectionCount() {
        return places;
    }

    /** From now on nobody is let in; running calls go on. */
    public synchronized void drain() {
        draining = true;
    }

    public synchronized boolean isDraining() {
        return draining;
    }

    /**
     * Waits until none of some streams is live.
     *
     * @param which the streams to wait for
     * @return false if some of them still were when the time was over
     * @throws InterruptedException if the thread was interrupted
     */
    public synchronized boolean awaitEnd(Predicate<StreamId> which, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (liveCount(which) > 0) {
            long leftMillis = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (leftMillis <= 0) {
                return false;
            }
            wait(leftMillis);
        }
        return true;
    }

    /** The time to drain is over: from now on a connection that closes was closed by us, and its stream ends as drained. */
    public synchronized void cutOff() {
        draining = true;
        cuttingOff = true;
    }

    synchronized boolean isCuttingOff() {
        return cuttingOff;
    }
}
