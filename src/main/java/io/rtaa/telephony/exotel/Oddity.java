package io.rtaa.telephony.exotel;

/** What an Exotel connection may send that is tolerated: ignored or worked around, counted, and never a reason to hang up. */
public enum Oddity {
    /** A text message that is no JSON object. */
    NOT_JSON,
    /** A binary frame that is none of the protocol's messages. */
    BINARY,
    /** A JSON object that names no event. */
    NO_EVENT,
    /** An event that is known and means nothing here: {@code dtmf}, {@code mark}, {@code silence}, {@code closed}. */
    UNUSED_EVENT,
    /** An event nobody knows. */
    UNKNOWN_EVENT,
    /** A {@code start} of the stream that is running or has stopped, or of none that it names; only the first one counts. */
    DUPLICATE_START,
    /** Audio of a named stream before its {@code start}; the stream starts with it. */
    MEDIA_BEFORE_START,
    /** Audio before any {@code start} that names no stream; ignored, as nothing says what it belongs to. */
    MEDIA_WITHOUT_STREAM,
    /** Audio that came after its stream's {@code stop}; ignored. */
    MEDIA_AFTER_STOP,
    /** A {@code media} or {@code stop} that names a stream other than the running one; ignored. */
    OTHER_STREAM,
    /** A {@code stop} while no stream is running; ignored. */
    STOP_WITHOUT_STREAM,
    /** A {@code media} whose payload is missing, null, empty or no string. */
    EMPTY_PAYLOAD,
    /** A {@code media} whose payload is not base64; the whole message is ignored. */
    INVALID_PAYLOAD,
    /** A {@code sequence_number} that does not follow the one before. */
    SEQUENCE_GAP,
    /** A {@code chunk} that does not follow the one before. */
    CHUNK_GAP
}
