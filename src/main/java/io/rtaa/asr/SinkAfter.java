package io.rtaa.asr;

import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallStarted;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the events of a leg go: nowhere until everything of the leg before it is published, so that readers get the end
 * of that one first. The leg's start bears the time at which it is published.
 *
 * <p>Thread-safety: used by one session, from one task at a time.
 */
final class SinkAfter implements Supplier<@Nullable TranscriptSink> {

    private final Supplier<@Nullable TranscriptSink> sink;
    private final SessionTime time;
    private @Nullable RecogniserSession before;

    /** @param before the session of the leg before; null where this is the first */
    SinkAfter(@Nullable RecogniserSession before, Supplier<@Nullable TranscriptSink> sink, SessionTime time) {
        this.before = before;
        this.sink = sink;
        this.time = time;
    }

    @Override
    public @Nullable TranscriptSink get() {
        if (before == null) {
            return sink.get();
        }
        TranscriptSink target = before.isOver() ? sink.get() : null;
        if (target == null) {
            return null;
        }
        before = null;
        return (event, origin, receipt, published) -> target.publish(atItsTime(event), origin, receipt, published);
    }

    private TranscriptEvent atItsTime(TranscriptEvent event) {
        return event instanceof CallStarted started ? started.at(time.epochMillis()) : event;
    }
}
