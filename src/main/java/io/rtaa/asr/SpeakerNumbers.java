package io.rtaa.asr;

import io.rtaa.call.Word;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The numbers that a stream's speakers are published under. A recogniser counts speakers by connection, from 0, and
 * does not know those of the connection before: each connection's numbers go on above all that were given.
 *
 * <p>Thread-safety: none, but for what the sessions of two legs of a stream share.
 */
final class SpeakerNumbers {

    /** How many numbers were given. */
    private final AtomicInteger given;

    /** The connection has the numbers from the first on, up to the end without it, and those in the map. */
    private int first;

    private int end;
    private final Map<Integer, Integer> beyond = new HashMap<>();

    /** @param given how many numbers were given to the stream's speakers before */
    SpeakerNumbers(int given) {
        this(new AtomicInteger(given));
    }

    private SpeakerNumbers(AtomicInteger given) {
        this.given = given;
        connectionBegan();
    }

    /** Those of the leg that follows, which goes on above what either leg has given. */
    SpeakerNumbers ofNextLeg() {
        return new SpeakerNumbers(given);
    }

    /** How many numbers were given so far. */
    int given() {
        return given.get();
    }

    /** So many numbers were given by another process. */
    void given(int atLeast) {
        given.accumulateAndGet(atLeast, Math::max);
    }

    /** Another connection counts from 0 again. */
    void connectionBegan() {
        first = given.get();
        end = first;
        beyond.clear();
    }

    /** The words of one turn, under the number of its speaker. */
    List<Word> of(List<Word> turn) {
        Integer told = turn.isEmpty() ? null : turn.get(0).speaker();
        if (told == null) {
            return turn;
        }
        int number = numberOf(told);
        return turn.stream().map(word -> word.by(number)).toList();
    }

    private int numberOf(int told) {
        Integer known = beyond.get(told);
        if (known != null) {
            return known;
        }
        if (first == end) {
            first = given.getAndAdd(told + 1);
            end = first + told + 1;
        }
        int wanted = first + told;
        if (wanted < end) {
            return wanted;
        }
        if (given.compareAndSet(end, wanted + 1)) {
            end = wanted + 1;
            return wanted;
        }
        // The other leg has given the numbers that would follow.
        return beyond.computeIfAbsent(told, another -> given.getAndIncrement());
    }
}
