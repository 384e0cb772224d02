package io.rtaa.asr;

import io.rtaa.call.Word;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The numbers that a stream's speakers are published under. A recogniser counts speakers by connection, from 0, and
 * does not know those of the connection before: each connection's numbers go on above all that were given.
 *
 * <p>Thread-safety: none, but for what the sessions of two legs of a stream share.
 */
final class SpeakerNumbers {

    private static final int NONE_YET = -1;

    /** How many numbers were given. */
    private final AtomicInteger given;

    /** What the connection's first speaker is published as. */
    private int first = NONE_YET;

    /** @param given how many numbers were given to the stream's speakers before */
    SpeakerNumbers(int given) {
        this(new AtomicInteger(given));
    }

    private SpeakerNumbers(AtomicInteger given) {
        this.given = given;
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
        first = NONE_YET;
    }

    /** The words of one turn, under the number of its speaker. */
    List<Word> of(List<Word> turn) {
        Integer told = turn.isEmpty() ? null : turn.get(0).speaker();
        if (told == null) {
            return turn;
        }
        if (first == NONE_YET) {
            first = given.get();
        }
        int number = first + told;
        given(number + 1);
        return turn.stream().map(word -> word.by(number)).toList();
    }
}
