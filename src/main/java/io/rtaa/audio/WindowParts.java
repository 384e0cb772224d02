package io.rtaa.audio;

import io.rtaa.call.AudioFormat;
import io.rtaa.call.LegEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.support.ExpressionAdapter;

/**
 * Lists the events in a body, which is a {@link LegEvent} or a list of them, in order, with each frame that is too long for
 * a window cut into several.
 *
 * <p>Thread-safety: stateless.
 */
public final class WindowParts extends ExpressionAdapter {

    private final WindowLengths lengths;

    /**
     * @param minMillis see {@link WindowLengths}
     * @param maxMillis see {@link WindowLengths}
     */
    public WindowParts(int minMillis, int maxMillis) {
        this.lengths = new WindowLengths(minMillis, maxMillis);
    }

    @Override
    public Object evaluate(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        List<Object> parts = new ArrayList<>();
        for (Object event : body instanceof List<?> events ? events : List.of(body)) {
            if (event instanceof LegEvent.Audio audio) {
                cut(audio, parts);
            } else {
                parts.add(event);
            }
        }
        return parts;
    }

    private void cut(LegEvent.Audio audio, List<Object> parts) {
        byte[] pcm = audio.pcm();
        int longest = lengths.longestFrameBytes(audio.leg().sampleRate());
        if (pcm.length <= longest) {
            parts.add(audio);
            return;
        }
        for (int from = 0; from < pcm.length; from += longest) {
            parts.add(new LegEvent.Audio(
                    audio.leg(),
                    audio.firstSample() + from / AudioFormat.BYTES_PER_SAMPLE,
                    Arrays.copyOfRange(pcm, from, Math.min(from + longest, pcm.length))));
        }
    }

    @Override
    public String toString() {
        return "windowParts";
    }
}
