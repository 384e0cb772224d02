package io.rtaa.asr;

import io.rtaa.call.AudioOrigin;
import io.rtaa.call.AudioReceipt;
import io.rtaa.call.TranscriptEvent;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes a session's events into the route that publishes them.
 *
 * <p>Thread-safety: called from any thread, for one stream one event at a time. Must not block.
 */
@FunctionalInterface
interface TranscriptSink {

    /**
     * Publishes an event.
     *
     * @param event the event
     * @param origin where the audio of the event's stream comes from; null where its bus has no such thing
     * @param receipt settled by the sink once the event is published; null where no audio hangs on it
     * @param published told once the event is through: with null, or with what prevented it
     */
    void publish(
            TranscriptEvent event,
            @Nullable AudioOrigin origin,
            @Nullable AudioReceipt receipt,
            Consumer<@Nullable Throwable> published);
}
