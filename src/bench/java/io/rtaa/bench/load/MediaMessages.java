package io.rtaa.bench.load;

import java.util.Base64;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Writes Exotel's messages (<a href="https://github.com/exotel/Agent-Stream">exotel/Agent-Stream</a>, numbers as
 * strings as on live traffic). Audio is noise, the same few frames for all calls, encoded once: the load is to cost
 * little itself.
 *
 * <p>Thread-safety: immutable.
 */
final class MediaMessages {

    private static final int FRAMES = 16;

    private final Script script;
    private final byte[][] noise = new byte[FRAMES][];
    private final String[] encoded = new String[FRAMES];

    MediaMessages(Script script) {
        this.script = script;
        Random random = new Random(1);
        for (int i = 0; i < FRAMES; i++) {
            noise[i] = new byte[script.frameBytes()];
            random.nextBytes(noise[i]);
            encoded[i] = Base64.getEncoder().encodeToString(noise[i]);
        }
    }

    static String connected() {
        return "{\"event\":\"connected\"}";
    }

    static String start(String streamSid) {
        return "{\"event\":\"start\",\"sequence_number\":\"1\",\"stream_sid\":\"" + streamSid
                + "\",\"start\":{\"stream_sid\":\"" + streamSid + "\",\"call_sid\":\"call-" + streamSid
                + "\",\"account_sid\":\"bench\",\"from\":\"09990000000\",\"to\":\"04446972319\",\"media_format\":"
                + "{\"encoding\":\"base64\",\"sample_rate\":\"" + Script.SAMPLE_RATE + "\",\"bit_rate\":\"128kbps\"}}}";
    }

    /**
     * A frame of audio.
     *
     * @param frame the frame's place in its call, from 0
     * @param mark stands in the frame where it completes a final; else null
     */
    String media(String streamSid, long frame, @Nullable Mark mark) {
        return "{\"event\":\"media\",\"sequence_number\":\"" + (frame + 2) + "\",\"stream_sid\":\"" + streamSid
                + "\",\"media\":{\"chunk\":\"" + (frame + 1) + "\",\"timestamp\":\"" + frame * script.frameMillis()
                + "\",\"payload\":\"" + payload(frame, mark) + "\"}}";
    }

    static String stop(String streamSid, long frames) {
        return "{\"event\":\"stop\",\"sequence_number\":\"" + (frames + 2) + "\",\"stream_sid\":\"" + streamSid
                + "\",\"stop\":{\"call_sid\":\"call-" + streamSid
                + "\",\"account_sid\":\"bench\",\"reason\":\"callended\"}}";
    }

    private String payload(long frame, @Nullable Mark mark) {
        int which = (int) (frame % FRAMES);
        if (mark == null) {
            return encoded[which];
        }
        byte[] audio = noise[which].clone();
        mark.write(audio);
        return Base64.getEncoder().encodeToString(audio);
    }
}
