package io.rtaa.asr;

import io.rtaa.call.StreamId;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What sessions and their ticker threw: logged, with a trace once a minute at most, and counted. A session that throws
 * costs its own call. An error of the virtual machine (no memory, for example) costs the process: nothing that this
 * process holds can be relied on then, so that it reports itself as not worth keeping. A stack that overflowed is a
 * session's own fault.
 *
 * <p>Thread-safety: safe.
 */
final class SessionFaults {

    private static final Logger LOG = LoggerFactory.getLogger(SessionFaults.class);
    private static final Duration BETWEEN_TRACES = Duration.ofMinutes(1);

    private final AsrMeters meters;
    private final AtomicLong nextTraceNanos = new AtomicLong(System.nanoTime());
    private volatile @Nullable String fatal;

    SessionFaults(AsrMeters meters) {
        this.meters = meters;
    }

    /** A step of a session threw: the session ends its call. */
    void sessionFailed(StreamId stream, Throwable thrown) {
        note(thrown);
        meters.sessionFailed();
        log(thrown)
                .addKeyValue("interaction_id", stream.interactionId())
                .addKeyValue("tenant_id", stream.tenantId())
                .log("A recogniser session failed, its call ends: {}", thrown.toString());
    }

    /** Something that serves all sessions threw; it goes on. */
    void tickFailed(Throwable thrown) {
        note(thrown);
        log(thrown).log("The ticker of the recogniser sessions failed, it goes on: {}", thrown.toString());
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

    private LoggingEventBuilder log(Throwable thrown) {
        long next = nextTraceNanos.get();
        long now = System.nanoTime();
        boolean traced = now - next >= 0 && nextTraceNanos.compareAndSet(next, now + BETWEEN_TRACES.toNanos());
        return traced ? LOG.atError().setCause(thrown) : LOG.atError();
    }
}
