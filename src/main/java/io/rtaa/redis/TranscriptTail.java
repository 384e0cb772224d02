package io.rtaa.redis;

import io.lettuce.core.StreamMessage;
import io.rtaa.bus.ReaderMeters;
import io.rtaa.bus.Topic;
import io.rtaa.call.KeepAlive;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.Partial;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Processor;

/**
 * Reads every transcript event, as each dashboard does: from some time back, and then what comes, partials too. A stream's events
 * come in the order of their {@code seq}; a partial that is older than what was read already is left out. Keep-alives
 * come among them where they are asked for.
 */
class TranscriptTail extends RedisStreamsConsumer {

    /** Streams whose last {@code seq} is remembered; a partial of one that is not is let through. */
    private static final int MOST_STREAMS = 10_000;

    private record Read(Position position, TranscriptEvent event) {}

    private final Map<String, Position> positions = new HashMap<>();
    private final Set<String> partialLogs = new HashSet<>();
    private final Set<String> keepAliveLogs = new HashSet<>();
    private final Map<StreamId, Long> lastSeq = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<StreamId, Long> eldest) {
            return size() > MOST_STREAMS;
        }
    };

    TranscriptTail(RedisStreamsEndpoint endpoint, Processor processor) {
        super(endpoint, processor, NO_GROUP);
    }

    @Override
    Map<String, Position> wanted() throws InterruptedException {
        if (positions.isEmpty()) {
            begin();
        }
        return positions;
    }

    private void begin() throws InterruptedException {
        long startMillis = startMillis();
        for (int partition = 0; partition < bus().keys().partitions(); partition++) {
            String partials = bus().keys().partials(partition);
            partialLogs.add(partials);
            positions.put(partials, new Position(startMillis, 0));
            if (options().isKeepAlives()) {
                String keepAlives = bus().keys().keepAlives(partition);
                keepAliveLogs.add(keepAlives);
                positions.put(keepAlives, new Position(startMillis, 0));
            }
            positions.put(
                    bus().keys().log(topic(), partition),
                    Since.position(options().getSince(), startMillis));
        }
    }

    @Override
    void rewind(String log, Position to) {
        positions.put(log, to);
    }

    /** The partials of partitions with more events than fitted the batch: they may be newer than those. */
    private Set<String> early(List<StreamMessage<String, byte[]>> entries) {
        Map<String, Integer> counts = new HashMap<>();
        entries.forEach(entry -> counts.merge(entry.getStream(), 1, Integer::sum));
        Set<String> early = new HashSet<>();
        for (int partition = 0; partition < bus().keys().partitions(); partition++) {
            if (counts.getOrDefault(bus().keys().log(topic(), partition), 0)
                    >= options().getBatch()) {
                early.add(bus().keys().partials(partition));
            }
        }
        return early;
    }

    @Override
    void take(List<StreamMessage<String, byte[]>> entries) {
        Set<String> early = entries.size() < options().getBatch() ? Set.of() : early(entries);
        List<Read> events = new ArrayList<>(entries.size());
        for (StreamMessage<String, byte[]> entry : entries) {
            Position position = Position.of(entry.getId());
            positions.put(entry.getStream(), position);
            if (keepAliveLogs.contains(entry.getStream())) {
                KeepAlive alive = Transcripts.keepAlive(entry, bus());
                if (alive != null) {
                    handOn(alive, "a keep-alive of " + alive.stream());
                    reader(Topic.PARTIALS).consumed().increment();
                }
                continue;
            }
            Topic topic = partialLogs.contains(entry.getStream()) ? Topic.PARTIALS : Topic.TRANSCRIPTS;
            TranscriptEvent event = Transcripts.event(entry, topic, bus());
            if (event instanceof Partial && early.contains(entry.getStream())) {
                reader(Topic.PARTIALS).dropped().increment();
            } else if (event != null) {
                events.add(new Read(position, event));
            }
        }
        // Of two logs, what was written first comes first; of one stream, what has the lower number.
        events.sort(Comparator.comparingLong((Read read) -> read.position().millis())
                .thenComparingLong(read -> read.event().seq()));
        for (Read read : events) {
            ReaderMeters reader = reader(read.event().isLiveOnly() ? Topic.PARTIALS : Topic.TRANSCRIPTS);
            if (isNews(read.event())) {
                handOn(read.event(), "event " + read.event().seq() + " of " + read.event().stream());
                reader.consumed().increment();
            } else {
                reader.dropped().increment();
            }
        }
    }

    private boolean isNews(TranscriptEvent event) {
        long last = lastSeq.getOrDefault(event.stream(), -1L);
        if (event instanceof Partial && event.seq() <= last) {
            return false;
        }
        lastSeq.put(event.stream(), Math.max(last, event.seq()));
        return true;
    }

    private void handOn(Object body, String what) {
        Exception failure = handOn(body, Map.of());
        if (failure != null) {
            getExceptionHandler().handleException(what + " could not be handed on", failure);
        }
    }
}
