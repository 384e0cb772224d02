package io.rtaa.asr;

import io.rtaa.call.CallInfo;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent.CallEnded;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the streams ended that were cut off in this process, so that a leg that follows one goes on where it ended. A bus
 * that knows more says so with the leg's start.
 *
 * <p>Thread-safety: safe.
 */
final class CutOffStreams {

    /** Far above the calls that are cut off in the time in which they may go on; the oldest is forgotten first. */
    private static final int MAX_STREAMS = 10_000;

    private final Map<StreamId, CallEnded> ends = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<StreamId, CallEnded> eldest) {
            return size() > MAX_STREAMS;
        }
    };

    /** Notes an end, where the stream may go on after it; null is none. */
    synchronized void remember(@Nullable CallEnded end) {
        if (end != null) {
            ends.remove(end.stream());
            if (end.reason().isCutOff()) {
                ends.put(end.stream(), end);
            }
        }
    }

    synchronized void forget(StreamId stream) {
        ends.remove(stream);
    }

    /** The leg, with what there was before it where it goes on with a stream that was cut off. */
    synchronized CallInfo goesOn(CallInfo leg) {
        CallEnded end = ends.remove(leg.stream());
        return end == null ? leg : leg.after(end);
    }
}
