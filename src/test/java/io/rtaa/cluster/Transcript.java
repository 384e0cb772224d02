package io.rtaa.cluster;

import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the dashboard told of one call, each event once by its number, as the contract has it for who connects anew.
 *
 * <p>Thread-safety: safe.
 */
final class Transcript {

    /**
     * An event.
     *
     * @param atMillis when it came first, since the epoch
     */
    record Received(TranscriptEvent event, long atMillis) {}

    /**
     * A final.
     *
     * @param atMillis when it came, since the epoch
     * @param lagMillis for how long its last moment of audio had been spoken by then
     */
    record Lag(long atMillis, long lagMillis) {}

    private final SortedMap<Long, Received> events = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();

    synchronized void add(TranscriptEvent event, long atMillis) {
        Received known = events.get(event.seq());
        if (known == null) {
            if (!events.isEmpty() && event.seq() < events.lastKey()) {
                faults.add(event.type() + " " + event.seq() + " came after " + events.lastKey());
            }
            events.put(event.seq(), new Received(event, atMillis));
        } else if (!known.event().equals(event)) {
            faults.add("number " + event.seq() + " is a " + known.event().type() + " and another " + event.type());
        }
    }

    /** What is wrong with the events themselves, in words. */
    synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    /** All events of a kind, in order. */
    synchronized <T extends TranscriptEvent> List<T> all(Class<T> kind) {
        return of(kind).map(received -> kind.cast(received.event())).toList();
    }

    /** The words of all finals, in order. */
    List<String> words() {
        return all(Final.class).stream()
                .flatMap(said -> said.words().stream())
                .map(Word::word)
                .toList();
    }

    synchronized Optional<Received> end() {
        return of(CallEnded.class).findFirst();
    }

    /** When its audio began, by rtaa's clock, since the epoch. */
    synchronized long beganMillis() {
        return of(CallStarted.class).findFirst().orElseThrow().event().timestampMillis();
    }

    /** How late each final with words came. */
    synchronized List<Lag> lags() {
        if (of(CallStarted.class).findFirst().isEmpty()) {
            return List.of();
        }
        long began = beganMillis();
        return of(Final.class)
                .filter(received -> !((Final) received.event()).words().isEmpty())
                .map(received -> new Lag(
                        received.atMillis(), received.atMillis() - began - ((Final) received.event()).endMillis()))
                .toList();
    }

    private Stream<Received> of(Class<? extends TranscriptEvent> kind) {
        return events.values().stream().filter(received -> kind.isInstance(received.event()));
    }
}
