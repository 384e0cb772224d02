package io.rtaa.dashboard;

import io.rtaa.call.CallInfo;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.Status;
import org.jspecify.annotations.Nullable;

/**
 * One call as lists show it; a snapshot that does not change.
 *
 * @param stream which call
 * @param info who talks; null where the call's start was not heard
 * @param startedMillis when it started, else when it was first heard of, epoch milliseconds
 * @param status how its recognition is getting on; null where nothing was said about it
 * @param provider the recogniser named last; null where none was
 * @param ended its end; null while it is live
 * @param lost whether it is live and its worker is away
 * @param finals the number of finals with words so far
 * @param lastText the text of the last final that had any; null where none had
 */
record CallSummary(
        StreamId stream,
        @Nullable CallInfo info,
        long startedMillis,
        @Nullable Status status,
        @Nullable String provider,
        @Nullable CallEnded ended,
        boolean lost,
        int finals,
        @Nullable String lastText) {

    boolean isLive() {
        return ended == null;
    }

    /** What the API calls it: {@code live}, {@code lost} or {@code ended}. */
    String state() {
        return !isLive() ? "ended" : lost ? "lost" : "live";
    }
}
