package io.rtaa.telephony.pcm;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.rtaa.call.AudioCoding;
import io.rtaa.call.PeerId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
 * <p>Unlike a telephone exchange, whose habits have to be borne, such a caller is a program of somebody's own: what it
 * gets wrong is refused with a reason. A connection carries one stream, a text frame one message or several. A start
 * without {@code sample_rate} means 8000, without {@code encoding} means {@code pcm16}. Unknown events are refused, and
 * so are fields by which the audio is not what it is read as; other unknown fields, and messages that keep the
 * connection alive, are reported as a {@link PcmAnomaly} and ignored.
 *
 * <p>Thread-safety: one message at a time.
 */
public final class PcmDecoder {

    /** A caller hears after so many frames how many were taken. */
    public static final int FRAMES_PER_ACK = 10;

    /** No word that keeps a connection alive is longer. */
    private static final int MAX_KEEP_ALIVE = 20;

    /** There are fewer fields that say something about the audio; a message may repeat them. */
    private static final int MAX_CLAIMS = 100;

    /** What a caller of the other protocol is told; it fits into a close frame. */
    private static final String EXOTEL =
            "these are messages of Exotel's, which go to /v1/exotel; allowed here: events start and stop";

    private static final JsonFactory JSON = new JsonFactory();

    private enum State {
        NEW,
        RUNNING,
        OVER
    }

    private State state = State.NEW;
    private long frames;

    /** Reads a text frame; what it means, in order, may be nothing. */
    public List<PcmEvent> text(String frame) {
        Meaning meaning = new Meaning();
        meaning.text(frame);
        return meaning.events;
    }

    /** Reads a binary frame; what it means, in order, may be nothing. */
    public List<PcmEvent> binary(byte[] frame) {
        Meaning meaning = new Meaning();
        meaning.binary(frame);
        return meaning.events;
    }

    /** What the messages of a frame mean, as they are read. */
    private final class Meaning {

        private final List<PcmEvent> events = new ArrayList<>(1);

        private void say(PcmEvent event) {
            events.add(event);
        }

        private void text(String frame) {
            if (state == State.OVER) {
                say(PcmAnomaly.AFTER_END);
                return;
            }
            if (frame.isBlank() || isKeepAlive(frame)) {
                say(PcmAnomaly.KEEP_ALIVE);
                return;
            }
            try (JsonParser json = JSON.createParser(frame)) {
                JsonToken token = json.nextToken();
                while (token != null && state != State.OVER) {
                    if (token == JsonToken.VALUE_STRING && isKeepAlive(json.getText())) {
                        say(PcmAnomaly.KEEP_ALIVE);
                    } else if (token == JsonToken.START_OBJECT) {
                        Fields fields = new Fields();
                        fields.read(json);
                        take(fields);
                    } else {
                        throw new IOException("no JSON object");
                    }
                    token = json.nextToken();
                }
            } catch (IOException e) {
                refuse("a text message is no JSON object; allowed: events start and stop");
            }
        }

        private void take(Fields fields) {
            if ("start".equals(fields.event)) {
                start(fields);
            } else if ("stop".equals(fields.event)) {
                stop(fields);
            } else if (isKeepAlive(fields.event) || isKeepAlive(fields.type)) {
                say(PcmAnomaly.KEEP_ALIVE);
            } else {
                refuse(fields.isExotel() ? EXOTEL : "a text message names no known event; allowed: start and stop");
            }
        }

        private void binary(byte[] frame) {
            switch (state) {
                case NEW -> {
                    if (frame.length == 0) {
                        say(PcmAnomaly.KEEP_ALIVE);
                    } else {
                        refuse("audio before start; allowed: a start message first");
                    }
                }
                case OVER -> say(PcmAnomaly.AFTER_END);
                case RUNNING -> {
                    if (frame.length > 0) {
                        say(new PcmEvent.Audio(frame));
                    }
                    frames++;
                    if (frames % FRAMES_PER_ACK == 0) {
                        say(new PcmEvent.Acknowledged(frames));
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
                refuse(fields.isExotel() ? EXOTEL : "start names no interaction_id; allowed: a text");
                return;
            }
            String idFault = PeerId.fault("interaction_id", fields.interactionId);
            if (idFault == null && fields.tenantId != null && !fields.tenantId.isBlank()) {
                idFault = PeerId.fault("tenant_id", fields.tenantId);
            }
            if (idFault != null) {
                refuse(idFault);
                return;
            }
            AudioCoding coding;
            try {
                coding = AudioCoding.declared(fields.encoding, fields.sampleRate, null);
            } catch (IllegalArgumentException e) {
                refuse(String.valueOf(e.getMessage()));
                return;
            }
            for (AudioClaim claim : fields.claims) {
                String fault = claim.fault(coding);
                if (fault != null) {
                    refuse(fault);
                    return;
                }
            }
            noteUnknown(fields);
            state = State.RUNNING;
            say(new PcmStart(fields.interactionId, fields.tenantId, coding));
        }

        private void stop(Fields fields) {
            if (state == State.NEW) {
                refuse("stop before start; allowed: a start message first");
                return;
            }
            noteUnknown(fields);
            state = State.OVER;
            say(new PcmEvent.Stopped());
        }

        private void noteUnknown(Fields fields) {
            if (fields.unknownField) {
                say(PcmAnomaly.UNKNOWN_FIELD);
            }
        }

        private void refuse(String reason) {
            state = State.OVER;
            say(new PcmEvent.Refused(reason));
        }
    }

    /**
     * Whether a message of this name, or this text, is one that clients of other protocols keep a connection alive
     * with.
     */
    private static boolean isKeepAlive(@Nullable String name) {
        return name != null
                && name.length() <= MAX_KEEP_ALIVE
                && switch (name.strip().toLowerCase(Locale.ROOT)) {
                    case "ping", "pong", "keepalive", "keep-alive", "keep_alive", "heartbeat", "noop" -> true;
                    default -> false;
                };
    }

    /** The fields of a text message. */
    private static final class Fields {
        private @Nullable String event;
        private @Nullable String type;
        private @Nullable String interactionId;
        private @Nullable String tenantId;
        private @Nullable String sampleRate;
        private @Nullable String encoding;
        private boolean unknownField;
        private boolean exotelField;
        private final List<AudioClaim> claims = new ArrayList<>(0);

        /** @param json stands at the start of an object; stands at its end afterwards */
        void read(JsonParser json) throws IOException {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (value.isStructStart()) {
                    json.skipChildren();
                    readField(name, value.asString(), true);
                } else if (value != JsonToken.VALUE_NULL) {
                    readField(name, json.getText(), false);
                }
            }
        }

        /** Whether only Exotel's protocol has such a message. */
        boolean isExotel() {
            return exotelField || "connected".equals(event) || "media".equals(event);
        }

        private void readField(String name, String value, boolean struct) {
            switch (name) {
                case "sample_rate" -> sampleRate = value;
                case "encoding" -> encoding = value;
                case "event" -> event = struct ? event : value;
                case "type" -> type = struct ? type : value;
                case "interaction_id" -> interactionId = struct ? interactionId : value;
                case "tenant_id" -> tenantId = struct ? tenantId : value;
                case "Event", "stream_sid", "streamSid", "start", "media" -> {
                    exotelField = true;
                    unknownField = true;
                }
                default -> {
                    AudioClaim claim = AudioClaim.of(name, value);
                    if (claim == null) {
                        unknownField = true;
                    } else if (claims.size() < MAX_CLAIMS) {
                        claims.add(claim);
                    }
                }
            }
        }
    }
}
