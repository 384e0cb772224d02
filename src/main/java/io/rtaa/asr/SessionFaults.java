package io.rtaa.asr;

import io.rtaa.asr.CallTroubles.Kind;
import io.rtaa.asr.CallTroubles.Trouble;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.routes.LogThrottle;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What sessions and their ticker threw: counted, and logged with a trace once a minute at most. A session that throws
 * costs its own call. An error of the virtual machine (no memory, for example) costs the process: nothing that this
 * process holds can be relied on then, so that it reports itself as not worth keeping. A stack that overflowed is a
 * session's own fault.
 *
 * <p>Thread-safety: safe.
 */
final class SessionFaults {

    private static final Logger LOG = LoggerFactory.getLogger(SessionFaults.class);

    private final AsrMeters meters;
    private final CallTroubles troubles;
    private final LogThrottle tickFaults = new LogThrottle();
    private volatile @Nullable String fatal;

    SessionFaults(AsrMeters meters, SessionTime time) {
        this.meters = meters;
        this.troubles = new CallTroubles(time);
    }

    /** A step of a session threw: the session ends its call. */
    void sessionFailed(StreamId stream, Throwable thrown) {
        note(thrown);
        meters.sessionFailed();
        troubles.happened(new Trouble(Kind.SESSION_FAILED, stream, "", thrown.toString(), Map.of(), thrown));
    }

    /**
     * An event is lost: its route and the way past that failed.
     *
     * @param failure logged by its class alone, for its message may have what was said
     */
    void notPublished(TranscriptEvent event, Throwable failure) {
        note(failure);
        troubles.happened(new Trouble(
                Kind.NOT_PUBLISHED,
                event.stream(),
                "its route and the way past it failed, or the process stops",
                Map.of(
                        "seq",
                        event.seq(),
                        "type",
                        event.type(),
                        "failure",
                        failure.getClass().getName())));
    }

    /** What else goes wrong with calls. */
    CallTroubles troubles() {
        return troubles;
    }

    /** Something that serves all sessions threw; it goes on. */
    void tickFailed(Throwable thrown) {
        note(thrown);
        tickFaults
                .atLevel(LOG, Level.ERROR)
                .setCause(thrown)
                .log("The ticker of the recogniser sessions failed, it goes on: {}", thrown.toString());
    }

    /** Why the process is not worth keeping; null while it is. */
    @Nullable
    String fatal() {
        return fatal;
    }

    private void note(Throwable thrown) {
        if (thrown instanceof VirtualMachineError && !(thrown instanceof StackOverflowError)) {
            fatal = "a recogniser session met " + thrown.getClass().getSimpleName() + ": restart this process";
        }
    }
}
