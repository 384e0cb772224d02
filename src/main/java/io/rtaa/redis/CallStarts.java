package io.rtaa.redis;

import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.wire.TranscriptJson;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The starts of the calls that this process publishes: what Redis gets again where it has lost them.
 *
 * <p>Thread-safety: safe.
 */
final class CallStarts {

    /** Far above the calls that one process recognises; the one that was quiet for longest is forgotten first. */
    private static final int MAX_CALLS = 20_000;

    private final Map<StreamId, byte[]> starts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<StreamId, byte[]> eldest) {
            return size() > MAX_CALLS;
        }
    };

    synchronized void put(CallStarted started) {
        starts.put(started.stream(), RedisBus.bytes(TranscriptJson.write(started)));
    }

    /** The start as it was published; null where this process does not know it. */
    synchronized byte @Nullable [] get(StreamId stream) {
        return starts.get(stream);
    }

    synchronized void forget(StreamId stream) {
        starts.remove(stream);
    }
}
