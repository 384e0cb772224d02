package io.rtaa.asr;

import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.call.TranscriptEvent.Partial;
import org.jspecify.annotations.Nullable;

/**
 * What readers get of an event whose route gave it up, past that route. Nothing of it may be what the route was there
 * to take out: no words, and no telephone numbers.
 */
final class GivenUpEvent {

    private GivenUpEvent() {}

    /**
     * The event that takes the place of another, with the same {@code seq}.
     *
     * @param reason what readers are told of lost words
     * @return null for a partial, whose words come again
     */
    static @Nullable TranscriptEvent instead(TranscriptEvent event, String reason) {
        if (event instanceof Partial) {
            return null;
        }
        if (event instanceof Final said && !said.text().isEmpty()) {
            return new Gap(
                    said.stream(), said.seq(), said.timestampMillis(), said.startMillis(), said.endMillis(), reason);
        }
        if (event instanceof CallStarted started) {
            return new CallStarted(started.info().withoutNumbers(), started.seq(), started.timestampMillis());
        }
        return event;
    }
}
