package io.rtaa.asr;

import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A limited number of places and those who wait for one, first come, first served. Whoever asks is known by the task that
 * tells it of its place.
 *
 * <p>The waiting line has no limit of its own: nobody stands in it twice, so it is as long as there are live calls at most.
 *
 * <p>Thread-safety: safe; tasks run on the thread that freed a place, one after another and outside of any lock.
 */
final class Places {

    private static final Logger LOG = LoggerFactory.getLogger(Places.class);

    private final int limit;
    private final SerialExecutor telling = new SerialExecutor(
            failure -> LOG.atError().setCause(failure).log("A call could not be told of its place at a recogniser"));

    /** Guards itself and the one below. */
    private final Set<Runnable> holders = new HashSet<>();

    private final Set<Runnable> waiting = new LinkedHashSet<>();

    Places(int limit) {
        this.limit = limit;
    }

    int limit() {
        return limit;
    }

    /** Places that are taken now. */
    int taken() {
        synchronized (holders) {
            return holders.size();
        }
    }

    /** Those who wait for one now. */
    int waiting() {
        synchronized (holders) {
            return waiting.size();
        }
    }

    /**
     * Takes a place, or keeps the one that was taken before.
     *
     * @return false where none is free: the caller stands in line, and is told once the place is its own
     */
    boolean take(Runnable who) {
        synchronized (holders) {
            if (tryTake(who)) {
                return true;
            }
            waiting.add(who);
            return false;
        }
    }

    /** As {@link #take}, without standing in line. */
    boolean tryTake(Runnable who) {
        synchronized (holders) {
            if (holders.contains(who)) {
                return true;
            }
            // Nobody overtakes those who wait: while somebody does, no place is free.
            return holders.size() < limit && holders.add(who);
        }
    }

    /** Gives a place back, or leaves the line; nothing where the caller is in neither. */
    void leave(Runnable who) {
        Runnable next = null;
        synchronized (holders) {
            waiting.remove(who);
            if (holders.remove(who)) {
                Iterator<Runnable> first = waiting.iterator();
                if (first.hasNext()) {
                    next = first.next();
                    first.remove();
                    holders.add(next);
                }
            }
        }
        if (next != null) {
            telling.execute(next);
        }
    }
}
