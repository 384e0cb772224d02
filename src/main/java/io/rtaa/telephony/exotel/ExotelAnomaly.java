package io.rtaa.telephony.exotel;

import org.jspecify.annotations.Nullable;

/**
 * What an Exotel connection may send against the protocol: ignored or worked around, counted, and never a reason to
 * hang up.
 */
public enum ExotelAnomaly implements ExotelEvent {
    /** A text message, or what is left of one, that is no JSON object. */
    NOT_JSON,
    /** A binary frame that is none of the protocol's messages. */
    BINARY("binary frames that hold no message are dropped"),
    /** A JSON object that names no event. */
    NO_EVENT,
    /** An event that is known and means nothing here: {@code dtmf}, {@code mark}, {@code silence}, {@code closed}. */
    UNUSED_EVENT,
    /** An event that the protocol does not have. */
    UNKNOWN_EVENT,
    /** A message with fields that the protocol does not have; they are ignored. */
    UNKNOWN_FIELD,
    /**
     * A {@code start} of the stream that is running or has stopped, or of none that it names; only the first one
     * counts.
     */
    DUPLICATE_START,
    /** Audio before any {@code start}; it is kept for {@link EarlyAudio#KEPT}. */
    MEDIA_BEFORE_START,
    /** Audio before any {@code start} that names no stream, with no {@code start} following; dropped. */
    MEDIA_WITHOUT_STREAM,
    /** Audio that came after its stream's {@code stop}; ignored. */
    MEDIA_AFTER_STOP,
    /** A {@code media} or {@code stop} that names a stream other than the running one; ignored. */
    OTHER_STREAM("audio that names another stream is dropped"),
    /** A {@code media} of another track than the stream's; dropped, as two parties are never mixed into one stream. */
    OTHER_TRACK("audio of another track is dropped: a stream carries one"),
    /** A sample rate that cannot be read, where another one counts instead. */
    UNREADABLE_SAMPLE_RATE,
    /** A {@code stop} while no stream is running; ignored. */
    STOP_WITHOUT_STREAM,
    /** A {@code media} whose payload is missing, null, empty or no string. */
    EMPTY_PAYLOAD,
    /** A {@code media} whose payload is not base64; the whole message is ignored. */
    INVALID_PAYLOAD("audio whose payload is not base64 is dropped"),
    /** A {@code sequence_number} that does not follow the one before. */
    SEQUENCE_GAP,
    /** A {@code chunk} that does not follow the one before. */
    CHUNK_GAP;

    private final @Nullable String lostAudio;

    ExotelAnomaly() {
        this(null);
    }

    ExotelAnomaly(@Nullable String lostAudio) {
        this.lostAudio = lostAudio;
    }

    /** Which audio of a running stream is lost by it, for people to read; null where none is. */
    public @Nullable String lostAudio() {
        return lostAudio;
    }
}
