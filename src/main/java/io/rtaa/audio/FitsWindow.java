package io.rtaa.audio;

import io.rtaa.call.LegEvent;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;

/**
 * Whether the body is a frame that can go into a window as it is. Nearly all are; the others take the way of
 * {@link WindowParts}.
 *
 * <p>Thread-safety: stateless.
 */
public final class FitsWindow implements Predicate {

    private final WindowLengths lengths;

    /**
     * @param minMillis see {@link WindowLengths}
     * @param maxMillis see {@link WindowLengths}
     */
    public FitsWindow(int minMillis, int maxMillis) {
        this.lengths = new WindowLengths(minMillis, maxMillis);
    }

    @Override
    public boolean matches(Exchange exchange) {
        return exchange.getMessage().getBody() instanceof LegEvent.Audio audio
                && audio.pcm().length <= lengths.longestFrameBytes(audio.leg().sampleRate());
    }
}
