package io.rtaa.kafka;

import io.rtaa.call.StreamId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The {@code seq} of each stream's last event that was no partial, so that a partial can say what it comes after.
 *
 * <p>Thread-safety: safe.
 */
final class LastSeqs {

    /** Far above the streams that one process recognises; the one that was quiet for longest is forgotten first. */
    private static final int MAX_STREAMS = 20_000;

    private final Map<StreamId, Long> seqs = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<StreamId, Long> eldest) {
            return size() > MAX_STREAMS;
        }
    };

    synchronized void put(StreamId stream, long seq) {
        seqs.put(stream, seq);
    }

    /** 0 where nothing of the stream is known. */
    synchronized long get(StreamId stream) {
        return seqs.getOrDefault(stream, 0L);
    }

    synchronized void forget(StreamId stream) {
        seqs.remove(stream);
    }
}
