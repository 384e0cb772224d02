package io.rtaa.testsupport.calls;

import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.call.TranscriptEvent.Final;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the dashboard told of one call: each event once, by its number, in the order they came first.
 *
 * <p>Thread-safety: safe.
 */
public final class Transcript {

    private record Received(TranscriptEvent event, long atMillis) {}

    /**
     * A final with words.
     *
     * @param atMillis when it came, since the epoch
     * @param lagMillis how long before that its last word had been spoken
     */
    public record Lag(long atMillis, long lagMillis) {}

    /**
     * The end of the call, as it was told.
     *
     * @param atMillis when that came, since the epoch
     */
    public record End(CallEnded event, long atMillis) {}

    private final Map<Long, Received> events = new LinkedHashMap<>();
    private final List<String> faults = new ArrayList<>();

    synchronized void add(TranscriptEvent event, long atMillis) {
        Received known = events.putIfAbsent(event.seq(), new Received(event, atMillis));
        if (known != null && !known.event().equals(event)) {
            faults.add("seq " + event.seq() + " is a " + known.event().type() + " and another " + event.type());
        }
    }

    public synchronized List<TranscriptEvent> events() {
        return events.values().stream().map(Received::event).toList();
    }

    /** Numbers that were given to two events, in words. */
    public synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    public synchronized Optional<End> end() {
        for (Received received : events.values()) {
            if (received.event() instanceof CallEnded ended) {
                return Optional.of(new End(ended, received.atMillis()));
            }
        }
        return Optional.empty();
    }

    /** When its audio began, since the epoch; nothing while that was not told. */
    public synchronized Optional<Long> beganMillis() {
        return events.values().stream()
                .map(Received::event)
                .filter(CallStarted.class::isInstance)
                .map(TranscriptEvent::timestampMillis)
                .findFirst();
    }

    /** How late each final with words came. */
    public synchronized List<Lag> lags() {
        List<Lag> lags = new ArrayList<>();
        beganMillis()
                .ifPresent(began -> events.values().forEach(received -> {
                    if (received.event() instanceof Final said && !said.words().isEmpty()) {
                        lags.add(new Lag(received.atMillis(), received.atMillis() - began - said.endMillis()));
                    }
                }));
        return lags;
    }
}
