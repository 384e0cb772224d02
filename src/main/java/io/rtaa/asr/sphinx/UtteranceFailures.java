package io.rtaa.asr.sphinx;

import io.rtaa.call.StreamId;
import io.rtaa.routes.LogThrottle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What the embedded recogniser failed on, of all calls: one is logged a minute, with its trace and how many there were. A
 * model that is broken fails on every utterance of every call.
 *
 * <p>Thread-safety: safe.
 */
final class UtteranceFailures {

    private static final Logger LOG = LoggerFactory.getLogger(UtteranceFailures.class);

    private final LogThrottle utteranceLines = new LogThrottle();
    private final LogThrottle callLines = new LogThrottle();

    /** An utterance stays empty. */
    void utteranceFailed(StreamId stream, Throwable cause) {
        log(utteranceLines, Level.WARN, stream, cause, "Embedded recogniser failed on an utterance, which stays empty");
    }

    /** A call loses its connection. */
    void callFailed(StreamId stream, Throwable cause) {
        log(callLines, Level.ERROR, stream, cause, "Call at the embedded recogniser failed");
    }

    private static void log(LogThrottle throttle, Level level, StreamId stream, Throwable cause, String message) {
        throttle.atLevel(LOG, level)
                .addKeyValue("interaction_id", stream.interactionId())
                .addKeyValue("tenant_id", stream.tenantId())
                .setCause(cause)
                .log(message);
    }
}
