package io.rtaa.telephony.exotel;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.rtaa.call.AudioFormat;
import io.rtaa.call.EndReason;
import io.rtaa.call.StreamId;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of one connection of Exotel's Stream applet and says what they mean.
 *
 * <pre>
 *            start, or media naming a stream            stop
 *   IDLE ─────────────────────────────────────▶ RUNNING ─────▶ STOPPED ──▶ as IDLE, but what belongs
 *                                                │   ▲                      to the stopped stream is ignored
 *                                                └───┘ start of another stream: ended, then started
 * </pre>
 *
 * <p>A message that cannot be understood is reported as an {@link Oddity} and ignored; nothing a peer sends makes a method
 * throw. Audio that comes before the {@code start} is kept: a stream it names starts with it, at the query's rate or 8000,
 * as PCM, without the numbers of the call; a {@code start} that follows is then a duplicate. Gaps in the numbering of
 * messages are reported and have no other effect.
 *
 * <p>Exotel's protocol as of 2025, from <a href="https://github.com/exotel/Agent-Stream">exotel/Agent-Stream</a> and
 * <a href="https://developer.exotel.com/">its developer pages</a>; where they differ from live traffic both are taken.
 *
 * <p>Thread-safety: one message at a time.
 */
public final class ExotelDecoder {

    /** The rate of a stream that names none, in samples a second. */
    public static final int DEFAULT_SAMPLE_RATE = 8000;

    /** One giant message is not to make room for giants in all that follow. */
    private static final int MAX_USUAL_PAYLOAD_BYTES = 16 * 1024;

    private static final JsonFactory JSON = new JsonFactory();

    private final int querySampleRate;
    private final ExotelListener listener;
    private @Nullable String runningSid;
    private @Nullable String stoppedSid;
    private long lastSequenceNumber = -1;
    private long lastChunk = -1;
    private int usualPayloadBytes;

    /**
     * @param query the raw query of the connection's address, where {@code sample-rate} or {@code sample_rate} may name
     *     the rate; null for none
     * @param listener hears what the messages mean
     */
    public ExotelDecoder(@Nullable String query, ExotelListener listener) {
        this.querySampleRate = querySampleRate(query);
        this.listener = listener;
    }

    /** Reads a text message. */
    public void text(String message) {
        try (JsonParser json = JSON.createParser(message)) {
            read(json, Oddity.NOT_JSON);
        } catch (IOException e) {
            listener.odd(Oddity.NOT_JSON);
        }
    }

    /** Reads a binary frame: one of the messages in UTF-8, as some send it, else ignored. */
    public void binary(byte[] frame) {
        try (JsonParser json = JSON.createParser(frame)) {
            read(json, Oddity.BINARY);
        } catch (IOException e) {
            listener.odd(Oddity.BINARY);
        }
    }

    private void read(JsonParser json, Oddity unreadable) {
        ExotelMessage message = new ExotelMessage(usualPayloadBytes);
        try {
            if (!message.read(json)) {
                listener.odd(unreadable);
                return;
            }
        } catch (IOException e) {
            listener.odd(message.failedInPayload() ? Oddity.INVALID_PAYLOAD : unreadable);
            return;
        }
        if (message.event == null) {
            listener.odd(unreadable == Oddity.BINARY ? Oddity.BINARY : Oddity.NO_EVENT);
            return;
        }
        switch (message.event.toLowerCase(Locale.ROOT)) {
            case "media" -> media(message);
            case "start" -> start(message);
            case "stop" -> stop(message);
            case "connected" -> {
                // Says nothing that the open connection did not say.
            }
            case "dtmf", "mark", "silence", "closed" -> {
                noteSequence(message);
                listener.odd(Oddity.UNUSED_EVENT);
            }
            default -> listener.odd(Oddity.UNKNOWN_EVENT);
        }
    }

    private void start(ExotelMessage message) {
        String sid = message.streamSid;
        if (sid == null && runningSid == null && stoppedSid == null) {
            listener.refused("start names no stream_sid; allowed: 1 to " + StreamId.MAX_ID_LENGTH + " characters");
        } else if (sid == null || sid.equals(runningSid) || sid.equals(stoppedSid)) {
            noteSequence(message);
            listener.odd(Oddity.DUPLICATE_START);
        } else {
            begin(sid, message);
        }
    }

    private void media(ExotelMessage message) {
        String sid = message.streamSid;
        if (runningSid == null) {
            if (stoppedSid != null && (sid == null || sid.equals(stoppedSid))) {
                listener.odd(Oddity.MEDIA_AFTER_STOP);
                return;
            }
            if (sid == null) {
                listener.odd(Oddity.MEDIA_WITHOUT_STREAM);
                return;
            }
            listener.odd(Oddity.MEDIA_BEFORE_START);
            if (!begin(sid, message)) {
                return;
            }
        } else if (sid != null && !sid.equals(runningSid)) {
            listener.odd(Oddity.OTHER_STREAM);
            return;
        } else {
            noteSequence(message);
        }
        noteChunk(message);
        if (message.payload == null || message.payload.length == 0) {
            listener.odd(Oddity.EMPTY_PAYLOAD);
        } else {
            usualPayloadBytes = Math.min(message.payload.length, MAX_USUAL_PAYLOAD_BYTES);
            listener.audio(message.payload);
        }
    }

    private void stop(ExotelMessage message) {
        if (runningSid == null) {
            listener.odd(Oddity.STOP_WITHOUT_STREAM);
        } else if (message.streamSid != null && !message.streamSid.equals(runningSid)) {
            listener.odd(Oddity.OTHER_STREAM);
        } else {
            noteSequence(message);
            stoppedSid = runningSid;
            runningSid = null;
            listener.ended("callended".equalsIgnoreCase(message.reason) ? EndReason.CALLENDED : EndReason.STOPPED);
        }
    }

    /** Starts a stream in place of the running one, if any; false if its id cannot be taken. */
    private boolean begin(String sid, ExotelMessage message) {
        String fault = fault(sid);
        if (fault != null) {
            listener.refused(fault);
            return false;
        }
        if (runningSid != null) {
            listener.ended(EndReason.STOPPED);
        }
        runningSid = sid;
        stoppedSid = null;
        lastSequenceNumber = message.sequenceNumber;
        lastChunk = -1;
        listener.started(new ExotelStart(
                sid,
                message.callSid,
                message.accountSid,
                message.from,
                message.to,
                sampleRate(message),
                isMuLaw(message.encoding)));
        return true;
    }

    private static @Nullable String fault(String sid) {
        if (sid.isBlank() || sid.length() > StreamId.MAX_ID_LENGTH) {
            return "stream_sid has " + sid.length() + " characters; allowed: 1 to " + StreamId.MAX_ID_LENGTH
                    + ", not blank";
        }
        return sid.chars().anyMatch(Character::isISOControl)
                ? "stream_sid holds a control character; allowed: printable characters"
                : null;
    }

    private int sampleRate(ExotelMessage message) {
        int declared = (int) Math.min(message.sampleRate, Integer.MAX_VALUE);
        return AudioFormat.isSampleRate(declared) ? declared : querySampleRate;
    }

    /** {@code base64}, {@code raw} and the like all mean PCM: only a name of mu-law means mu-law. */
    private static boolean isMuLaw(@Nullable String encoding) {
        return encoding != null
                && switch (encoding.toLowerCase(Locale.ROOT)) {
                    case "mulaw", "audio/x-mulaw", "pcmu" -> true;
                    default -> false;
                };
    }

    private void noteSequence(ExotelMessage message) {
        long number = message.sequenceNumber;
        if (number >= 0) {
            if (lastSequenceNumber >= 0 && number != lastSequenceNumber + 1) {
                listener.odd(Oddity.SEQUENCE_GAP);
            }
            lastSequenceNumber = number;
        }
    }

    private void noteChunk(ExotelMessage message) {
        long number = message.chunk;
        if (number >= 0) {
            if (lastChunk >= 0 && number != lastChunk + 1) {
                listener.odd(Oddity.CHUNK_GAP);
            }
            lastChunk = number;
        }
    }

    private static int querySampleRate(@Nullable String query) {
        if (query != null) {
            for (int rate : AudioFormat.SAMPLE_RATES) {
                for (String name : new String[] {"sample-rate=", "sample_rate="}) {
                    if (("&" + query + "&").contains("&" + name + rate + "&")) {
                        return rate;
                    }
                }
            }
        }
        return DEFAULT_SAMPLE_RATE;
    }
}
