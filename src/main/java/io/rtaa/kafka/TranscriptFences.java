package io.rtaa.kafka;

import java.util.HashMap;
import java.util.Map;

/**
 * The fences of the partitions that one consumer reads. They outlive its client, so that a client that follows another after
 * a failure goes on where that one was.
 *
 * <p>Thread-safety: used by the polling thread.
 */
final class TranscriptFences {

    private final Map<Integer, TranscriptFence> fences = new HashMap<>();

    TranscriptFence of(int partition) {
        return fences.computeIfAbsent(partition, unknown -> new TranscriptFence());
    }

    /** Goes on from a fence that another reading has led to. */
    void put(int partition, TranscriptFence fence) {
        fences.put(partition, fence);
    }
}
