package io.rtaa.asr;

import io.rtaa.call.CallInfo;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.tracing.CallSpan;
import io.rtaa.tracing.CallTracing;
import org.jspecify.annotations.Nullable;

/**
 * The spans of one session: its own, one below it for each connection while that is opened, and one for each event that is
 * published and no partial. A span is exported when it ends, so these short ones are what remains of a worker that is
 * killed.
 *
 * <p>Thread-safety: used within the session's tasks; {@link #ended} from any thread.
 */
final class SessionTrace {

    /** A call that waits for its recogniser for hours connects again and again: beyond these it is only counted. */
    static final int MAX_CONNECTION_SPANS = 100;

    private final CallSpan session;
    private CallSpan connecting = CallSpan.NONE;
    private @Nullable String lostBecause;
    private int connections;
    private int replays;
    private long replayedMillis;

    SessionTrace(CallTracing tracing, CallInfo info) {
        session = tracing.join("recogniser session", info);
    }

    /** The stream was another worker's before. */
    void takenOver() {
        session.tag("taken_over", true);
    }

    /** A connection is begun. */
    void connecting(String provider) {
        connections++;
        if (connections <= MAX_CONNECTION_SPANS) {
            connecting = session.child("recogniser connect")
                    .tag("provider", provider)
                    .tag("connection", connections)
                    .tag("lost_because", lostBecause);
        }
    }

    /** Some audio goes over the new connection that went over one before. */
    void replaying(long millis) {
        if (millis > 0) {
            replays++;
            replayedMillis += millis;
            connecting.tag("replayed_ms", millis);
        }
    }

    /** The connection is open. */
    void connected(String provider) {
        session.tag("provider", provider);
        endConnecting(null);
    }

    /** The connection is lost, or was not opened. */
    void lost(RecogniserFailure failure) {
        lostBecause = failure.cause();
        session.event("recogniser lost: " + failure.cause());
        endConnecting(failure.cause());
    }

    /** The session needs no connection any more. */
    void left() {
        endConnecting(null);
    }

    private void endConnecting(@Nullable String failure) {
        connecting.tag("error.type", failure).end();
        connecting = CallSpan.NONE;
    }

    /** An event is on its way to the bus; the span is to be ended by who publishes it. */
    CallSpan publishing(TranscriptEvent event) {
        boolean isTraced = event instanceof Final
                || event instanceof Gap
                || event instanceof CallStarted
                || event instanceof CallEnded;
        return isTraced ? session.child("publish").tag("type", event.type()).tag("seq", event.seq()) : CallSpan.NONE;
    }

    /** @param how why nothing more comes of the session */
    void ended(String how) {
        session.tag("outcome", how)
                .tag("connections", connections)
                .tag("replays", replays)
                .tag("replayed_ms", replayedMillis)
                .end();
    }
}
