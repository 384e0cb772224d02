package io.rtaa.kafka;

import io.rtaa.call.StreamId;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The topic of transcripts as a new owner of a partition uses it. Nothing of it blocks the caller. */
interface TranscriptLog {

    /**
     * What was published of a partition's streams, up to some offset.
     *
     * @param fence as it stands there
     * @param streams every stream of which something was published
     */
    record Past(TranscriptFence fence, Map<StreamId, StreamPast> streams) {

        /** The highest epoch up to there. */
        long epoch() {
            return fence.epoch();
        }
    }

    /** Appends a claim to a partition, and tells its offset. A claim has no effect by itself. */
    CompletableFuture<Long> claim(int partition);

    /** Appends the take-over under the epoch of a claim, and tells its offset: from there on lower epochs are void. */
    CompletableFuture<Long> takeOver(int partition, long epoch);

    /** Reads a partition up to and with an offset. */
    CompletableFuture<Past> past(int partition, long lastOffset);
}
