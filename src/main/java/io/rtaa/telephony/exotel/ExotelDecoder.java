package io.rtaa.telephony.exotel;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.rtaa.call.AudioCoding;
import io.rtaa.call.EndReason;
import io.rtaa.call.Handshake;
import io.rtaa.call.PeerId;
import io.rtaa.call.StreamId;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of one connection of Exotel's Stream applet and says what they mean.
 *
 * <pre>
 *            start, or early audio for long enough      stop
 *   IDLE ──────────────────────────────────────▶ RUNNING ─────▶ STOPPED ──▶ as IDLE, but what belongs
 *                                                 │   ▲                      to the stopped stream is ignored
 *                                                 └───┘ start of another stream: ended, then started
 *
 *   any ── what cannot be taken ──▶ REFUSED  (what follows is ignored)
 * </pre>
 *
 * <p>A frame holds one message or several. One that cannot be understood means an {@link ExotelAnomaly} and
 * is ignored; nothing a peer sends makes a method throw. Gaps in the numbering of messages are reported and have no other
 * effect.
 *
 * <p>Audio that comes before the {@code start} waits for it, see {@link EarlyAudio}, and belongs to it. A stream whose
 * start stays away begins with that audio in the query's coding, without the numbers of the call; a {@code start} that
 * follows is then a duplicate.
 *
 * <p>A stream whose audio could only be misread is started and refused: an encoding or a rate that is unknown, more
 * than one channel or track.
 *
 * <p>Exotel's protocol as of 2025, from <a href="https://github.com/exotel/Agent-Stream">exotel/Agent-Stream</a> and
 * <a href="https://developer.exotel.com/">its developer pages</a>; where they differ from live traffic both are taken.
 *
 * <p>Thread-safety: one message at a time.
 */
public final class ExotelDecoder {

    /** One giant message is not to make room for giants in all that follow. */
    private static final int MAX_USUAL_PAYLOAD_BYTES = 16 * 1024;

    /** So many payloads of one frame may turn out to be no base64; what follows them in the frame is then ignored. */
    private static final int MAX_INVALID_PAYLOADS = 4;

    /** Exotel sends one, or a few where frames were held up; thousands of small ones in a frame would hold up everybody. */
    private static final int MAX_MESSAGES_A_FRAME = 100;

    /** What a caller of the other protocol is told; it fits into a close frame. */
    private static final String PLAIN_PCM =
            "this start is of plain PCM, which goes to /v1/ingest; allowed here: Exotel's messages";

    private static final JsonFactory JSON = new JsonFactory();

    private final @Nullable String querySampleRate;
    private final Clock clock;
    private boolean base64Url;
    private @Nullable EarlyAudio early;
    private @Nullable String runningSid;
    private @Nullable String stoppedSid;
    private @Nullable String track;
    private boolean refused;
    private long lastSequenceNumber = -1;
    private long lastChunk = -1;
    private int usualPayloadBytes;

    /**
     * @param query the raw query of the connection's address, where {@code sample-rate} or {@code sample_rate} may name
     *     the rate; null for none
     * @param clock says how long audio has waited for its start
     */
    public ExotelDecoder(@Nullable String query, Clock clock) {
        this.querySampleRate = querySampleRate(query);
        this.clock = clock;
    }

    /** Reads a text frame; what it means, in order, may be nothing. */
    public List<ExotelEvent> text(String frame) {
        Meaning meaning = new Meaning();
        meaning.read(frame, 0, ExotelAnomaly.NOT_JSON, MAX_INVALID_PAYLOADS, false);
        return meaning.events;
    }

    /** Reads a binary frame: messages in UTF-8, as some send them, else ignored. */
    public List<ExotelEvent> binary(byte[] frame) {
        Meaning meaning = new Meaning();
        meaning.read(frame, 0, ExotelAnomaly.BINARY, MAX_INVALID_PAYLOADS, false);
        return meaning.events;
    }

    /** The connection is gone: audio that still waits for its start is a stream all the same. */
    public List<ExotelEvent> closed() {
        Meaning meaning = new Meaning();
        if (early != null && !refused) {
            meaning.beginEarly(withoutStart());
        }
        return meaning.events;
    }

    /** What the messages of a frame mean, as they are read. */
    private final class Meaning {

        private final List<ExotelEvent> events = new ArrayList<>(1);

        private void say(ExotelEvent event) {
            events.add(event);
        }

        /**
         * Reads the messages of a frame.
         *
         * @param from the number of the first one to read, from 0
         * @param unreadable what it is called when there is none
         * @param invalidPayloads how many payloads may still turn out to be no base64
         * @param otherAlphabet whether the first payload was read before, in the other alphabet of base64
         */
        private void read(
                Object frame, int from, ExotelAnomaly unreadable, int invalidPayloads, boolean otherAlphabet) {
            int number = from;
            ExotelMessage message = null;
            try (JsonParser json = open(frame)) {
                for (int skipped = 0; skipped < from; skipped++) {
                    json.nextToken();
                    json.skipChildren();
                }
                JsonToken token = json.nextToken();
                if (token == null && from == 0) {
                    say(unreadable);
                }
                for (; token != null && !refused; token = json.nextToken()) {
                    if (number >= MAX_MESSAGES_A_FRAME) {
                        refuse("more than " + MAX_MESSAGES_A_FRAME
                                + " messages in one frame; allowed: one, or a few behind each other");
                        return;
                    }
                    if (token != JsonToken.START_OBJECT) {
                        say(unreadable);
                        return;
                    }
                    message = new ExotelMessage(usualPayloadBytes, base64Url);
                    message.read(json);
                    take(message, unreadable);
                    message = null;
                    number++;
                }
            } catch (IOException e) {
                if (message == null || !message.failedInPayload()) {
                    say(unreadable);
                } else if (e instanceof JsonEOFException) {
                    say(ExotelAnomaly.INVALID_PAYLOAD);
                } else {
                    base64Url = !base64Url;
                    if (!otherAlphabet) {
                        read(frame, number, unreadable, invalidPayloads, true);
                    } else {
                        say(ExotelAnomaly.INVALID_PAYLOAD);
                        if (invalidPayloads > 1) {
                            read(frame, number + 1, unreadable, invalidPayloads - 1, false);
                        }
                    }
                }
            }
        }

        private void take(ExotelMessage message, ExotelAnomaly unreadable) {
            if (message.event == null) {
                say(unreadable == ExotelAnomaly.BINARY ? ExotelAnomaly.BINARY : ExotelAnomaly.NO_EVENT);
                return;
            }
            if (message.unknownField) {
                say(ExotelAnomaly.UNKNOWN_FIELD);
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
                    say(ExotelAnomaly.UNUSED_EVENT);
                }
                default -> say(ExotelAnomaly.UNKNOWN_EVENT);
            }
        }

        private void start(ExotelMessage message) {
            String sid = message.streamSid;
            EarlyAudio waiting = early;
            if (waiting != null) {
                sid = sid == null ? waiting.streamSid() : sid;
                if (sid != null && !sid.equals(stoppedSid) && !waiting.takesStream(sid)) {
                    // The audio is of a stream that this start is not the start of.
                    beginEarly(withoutStart());
                }
            }
            if (sid == null && runningSid == null && stoppedSid == null) {
                refuse(
                        message.plainPcm
                                ? PLAIN_PCM
                                : "start names no stream_sid; allowed: 1 to " + StreamId.MAX_ID_LENGTH + " characters");
            } else if (sid == null || sid.equals(runningSid) || sid.equals(stoppedSid)) {
                noteSequence(message);
                say(ExotelAnomaly.DUPLICATE_START);
            } else {
                begin(sid, message);
            }
        }

        private void media(ExotelMessage message) {
            String sid = message.streamSid;
            if (runningSid == null) {
                mediaBeforeStart(message);
                return;
            }
            if (sid != null && !sid.equals(runningSid)) {
                say(ExotelAnomaly.OTHER_STREAM);
                return;
            }
            noteSequence(message);
            noteChunk(message);
            if (message.track != null) {
                track = track == null ? message.track : track;
                if (!message.track.equals(track)) {
                    say(ExotelAnomaly.OTHER_TRACK);
                    return;
                }
            }
            byte[] payload = payload(message);
            if (payload != null) {
                say(new ExotelEvent.Audio(payload));
            }
        }

        private void mediaBeforeStart(ExotelMessage message) {
            String sid = message.streamSid;
            if (stoppedSid != null && (sid == null ? early == null : sid.equals(stoppedSid))) {
                say(ExotelAnomaly.MEDIA_AFTER_STOP);
                return;
            }
            String fault = sid == null ? null : PeerId.fault("stream_sid", sid);
            if (fault != null) {
                refuse(fault);
                return;
            }
            if (early == null) {
                early = new EarlyAudio(clock.millis(), usualPayloadBytes);
                lastSequenceNumber = -1;
                lastChunk = -1;
            }
            say(ExotelAnomaly.MEDIA_BEFORE_START);
            if (!early.takesStream(sid)) {
                say(ExotelAnomaly.OTHER_STREAM);
                return;
            }
            noteSequence(message);
            noteChunk(message);
            if (!early.takesTrack(message.track)) {
                say(ExotelAnomaly.OTHER_TRACK);
                return;
            }
            byte[] payload = payload(message);
            if (payload != null) {
                early.add(payload);
            }
            if (early.isOver(clock.millis())) {
                beginEarly(message);
            }
        }

        /** The message's audio; null where it has none. */
        private byte @Nullable [] payload(ExotelMessage message) {
            byte[] payload = message.payload;
            if (payload == null || payload.length == 0) {
                say(ExotelAnomaly.EMPTY_PAYLOAD);
                return null;
            }
            usualPayloadBytes = Math.min(payload.length, MAX_USUAL_PAYLOAD_BYTES);
            return payload;
        }

        private void stop(ExotelMessage message) {
            String sid = message.streamSid;
            if (runningSid == null && early != null && early.takesStream(sid)) {
                beginEarly(message);
            }
            if (runningSid == null) {
                say(ExotelAnomaly.STOP_WITHOUT_STREAM);
            } else if (sid != null && !sid.equals(runningSid)) {
                say(ExotelAnomaly.OTHER_STREAM);
            } else {
                noteSequence(message);
                stoppedSid = runningSid;
                runningSid = null;
                say(new ExotelEvent.Ended(
                        "callended".equalsIgnoreCase(message.reason) ? EndReason.CALLENDED : EndReason.STOPPED));
            }
        }

        /** Starts a stream with its early audio and without its start. */
        private void beginEarly(ExotelMessage message) {
            String sid = early == null ? null : early.streamSid();
            if (sid == null) {
                early = null;
                say(ExotelAnomaly.MEDIA_WITHOUT_STREAM);
            } else {
                begin(sid, message);
            }
        }

        /** Starts a stream in place of the running one, if any. */
        private void begin(String sid, ExotelMessage message) {
            String fault = idFault(sid, message);
            if (fault != null) {
                refuse(fault);
                return;
            }
            if (runningSid != null) {
                say(new ExotelEvent.Ended(EndReason.STOPPED));
            }
            EarlyAudio waited = early;
            early = null;
            runningSid = sid;
            stoppedSid = null;
            track = message.track;
            lastSequenceNumber =
                    waited == null ? message.sequenceNumber : Math.max(lastSequenceNumber, message.sequenceNumber);
            lastChunk = waited == null ? -1 : lastChunk;
            AudioCoding coding = AudioCoding.DEFAULT;
            fault = fault(message);
            if (fault == null) {
                try {
                    coding = AudioCoding.declared(message.encoding, message.sampleRate, querySampleRate);
                } catch (IllegalArgumentException e) {
                    fault = String.valueOf(e.getMessage());
                }
            }
            say(new ExotelStart(
                    sid,
                    named(message.callSid),
                    named(message.accountSid),
                    number(message.from),
                    number(message.to),
                    coding));
            if (fault != null) {
                refuse(fault);
                return;
            }
            noteSampleRate(message.sampleRate);
            noteSampleRate(querySampleRate);
            if (waited != null) {
                takeEarly(waited);
            }
        }

        private void takeEarly(EarlyAudio waited) {
            track = track == null ? waited.track() : track;
            if (!Objects.equals(track, waited.track()) && waited.track() != null) {
                say(ExotelAnomaly.OTHER_TRACK);
                return;
            }
            byte[] audio = waited.audio();
            if (audio.length > 0) {
                say(new ExotelEvent.Audio(audio));
            }
        }

        private void refuse(String reason) {
            refused = true;
            early = null;
            say(new ExotelEvent.Refused(reason));
        }

        private void noteSampleRate(@Nullable String declared) {
            if (declared != null
                    && !declared.isBlank()
                    && AudioCoding.readSampleRate(declared).isEmpty()) {
                say(ExotelAnomaly.UNREADABLE_SAMPLE_RATE);
            }
        }

        private void noteSequence(ExotelMessage message) {
            long number = message.sequenceNumber;
            if (number >= 0) {
                if (lastSequenceNumber >= 0 && number != lastSequenceNumber + 1) {
                    say(ExotelAnomaly.SEQUENCE_GAP);
                }
                lastSequenceNumber = number;
            }
        }

        private void noteChunk(ExotelMessage message) {
            long number = message.chunk;
            if (number >= 0) {
                if (lastChunk >= 0 && number != lastChunk + 1) {
                    say(ExotelAnomaly.CHUNK_GAP);
                }
                lastChunk = number;
            }
        }
    }

    private static JsonParser open(Object frame) throws IOException {
        return frame instanceof String text ? JSON.createParser(text) : JSON.createParser((byte[]) frame);
    }

    private ExotelMessage withoutStart() {
        return new ExotelMessage(0, base64Url);
    }

    /** Why a stream cannot be told apart, or its call, by the ids that its start names; null where it can. */
    private static @Nullable String idFault(String sid, ExotelMessage start) {
        String fault = PeerId.fault("stream_sid", sid);
        if (fault == null) {
            fault = optionalFault("call_sid", start.callSid);
        }
        return fault == null ? optionalFault("account_sid", start.accountSid) : fault;
    }

    private static @Nullable String named(@Nullable String id) {
        return id == null || id.isBlank() ? null : id;
    }

    /**
     * A number of a party; null for what is none. A call goes on without it: no stream is told apart by its number, and what
     * holds a line break or is far longer would be carried along with every event.
     */
    private static @Nullable String number(@Nullable String text) {
        return text == null || PeerId.fault("number", text) != null ? null : text;
    }

    private static @Nullable String optionalFault(String name, @Nullable String id) {
        String named = named(id);
        return named == null ? null : PeerId.fault(name, named);
    }

    /** Why the audio of a start would be a mix of several parties; null where it would not. */
    private static @Nullable String fault(ExotelMessage start) {
        if (start.severalTracks) {
            return "start announces more than one track; allowed: one track a stream";
        }
        String channels = start.channels;
        return channels == null || channels.isBlank() || channels.strip().equals("1")
                ? null
                : "channels is " + AudioCoding.quoted(channels) + "; allowed: 1";
    }

    private static @Nullable String querySampleRate(@Nullable String query) {
        return Stream.of("sample-rate", "sample_rate")
                .flatMap(name -> Handshake.queryValues(query, name).stream())
                .filter(value -> !value.isBlank())
                .findFirst()
                .orElse(null);
    }
}
