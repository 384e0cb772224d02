package io.rtaa.telephony.pcm;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.rtaa.call.AudioFormat;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of one plain caller: a {@code start}, binary frames, a {@code stop}.
 *
 * <pre>
 *   NEW ──start──▶ RUNNING ──stop──▶ OVER (what follows is ignored)
 *    └── a fault in NEW or RUNNING ────▲
 * </pre>
 *
 * <p>Unlike a telephone exchange, whose habits have to be borne, such a caller is a program of somebody's own: what it gets
 * wrong is refused with a reason. A connection carries one stream. A start without {@code sample_rate} means 8000, without
 * {@code encoding} means {@code pcm16}; unknown fields are ignored, unknown events are refused.
 *
 * <p>Thread-safety: one message at a time.
 */
public final class PcmDecoder {

    /** A caller hears after so many frames how many were taken. */
    public static final int FRAMES_PER_ACK = 10;

    /** The rate of a start that names none, in samples a second. */
    public static final int DEFAULT_SAMPLE_RATE = 8000;

    private static final JsonFactory JSON = new JsonFactory();

    private enum State {
        NEW,
        RUNNING,
        OVER
    }

    private final PcmListener listener;
    private State state = State.NEW;
    private long frames;

    public PcmDecoder(PcmListener listener) {
        this.listener = listener;
    }

    /** Reads a text message. */
    public void text(String message) {
        if (state == State.OVER) {
            listener.ignored();
            return;
        }
        Fields fields = new Fields();
        try (JsonParser json = JSON.createParser(message)) {
            fields.read(json);
        } catch (IOException e) {
            refuse("a text message is no JSON object; allowed: events start and stop");
            return;
        }
        if ("start".equals(fields.event)) {
            start(fields);
        } else if ("stop".equals(fields.event)) {
            stop();
        } else {
            refuse("a text message names no known event; allowed: start and stop");
        }
    }

    /** Reads a binary frame. */
    public void binary(byte[] frame) {
        switch (state) {
            case NEW -> refuse("audio before start; allowed: a start message first");
            case OVER -> listener.ignored();
            case RUNNING -> {
                if (frame.length > 0) {
                    listener.audio(frame);
                }
                frames++;
                if (frames % FRAMES_PER_ACK == 0) {
                    listener.acknowledge(frames);
                }
            }
        }
    }

    private void start(Fields fields) {
        if (state == State.RUNNING) {
            refuse("a second start; allowed: one stream a connection");
            return;
        }
        if (fields.interactionId == null) {
            refuse("start names no interaction_id; allowed: a text");
            return;
        }
        int sampleRate = DEFAULT_SAMPLE_RATE;
        if (fields.sampleRate != null) {
            sampleRate = sampleRate(fields.sampleRate);
            if (!AudioFormat.isSampleRate(sampleRate)) {
                refuse("sample_rate is not supported; allowed: " + AudioFormat.SAMPLE_RATES);
                return;
            }
        }
        String encoding = fields.encoding == null ? "pcm16" : fields.encoding.toLowerCase(Locale.ROOT);
        if (!encoding.equals("pcm16") && !encoding.equals("mulaw")) {
            refuse("encoding is not supported; allowed: pcm16, mulaw");
            return;
        }
        state = State.RUNNING;
        listener.started(new PcmStart(fields.interactionId, fields.tenantId, sampleRate, encoding.equals("mulaw")));
    }

    private void stop() {
        if (state == State.NEW) {
            refuse("stop before start; allowed: a start message first");
            return;
        }
        state = State.OVER;
        listener.stopped();
    }

    private void refuse(String reason) {
        state = State.OVER;
        listener.refused(reason);
    }

    /** The rate, or 0 for what is no number; numbers may come as strings. */
    private static int sampleRate(String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** The fields of a text message. */
    private static final class Fields {
        private @Nullable String event;
        private @Nullable String interactionId;
        private @Nullable String tenantId;
        private @Nullable String sampleRate;
        private @Nullable String encoding;

        void read(JsonParser json) throws IOException {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("no JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (value.isStructStart()) {
                    json.skipChildren();
                } else if (value != JsonToken.VALUE_NULL) {
                    readField(name, json);
                }
            }
        }

        private void readField(String name, JsonParser json) throws IOException {
            switch (name) {
                case "event" -> event = json.getText();
                case "interaction_id" -> interactionId = json.getText();
                case "tenant_id" -> tenantId = json.getText();
                case "sample_rate" -> sampleRate = json.getText();
                case "encoding" -> encoding = json.getText();
                default -> {
                    // Unknown fields are left alone.
                }
            }
        }
    }
}
