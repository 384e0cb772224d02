package io.rtaa.testsupport.deepgram;

import java.time.Duration;

/** What the stand-in does wrong on a connection. Times count audio received on the connection, not the clock. */
public sealed interface Fault {

    /** Refuses the handshake with a status, a {@code dg-error} header and a JSON body. */
    record Refuse(int status, String errCode, String message) implements Fault {}

    /** Closes with a code and payload, after {@code Metadata} where asked. */
    record Close(Duration afterAudio, int code, String payload, boolean metadataFirst) implements Fault {}

    /** The TCP connection goes without a close frame. */
    record Drop(Duration afterAudio) implements Fault {}

    /** Goes on taking audio and says nothing any more, not even good-bye. */
    record Freeze(Duration afterAudio) implements Fault {}

    /** Reads nothing any more from the socket. */
    record StopReading(Duration afterAudio) implements Fault {}

    /** Says something of its own, as it stands. */
    record Say(Duration afterAudio, String text) implements Fault {}

    /** Leaves {@code CloseStream} unanswered. */
    record IgnoreCloseStream() implements Fault {}

    /** Accepts the TCP connection and never answers the handshake. */
    record Stall() implements Fault {}

    static Fault refuse(int status) {
        return switch (status) {
            case 400 -> new Refuse(400, "Bad Request", "failed to process audio: unsupported settings");
            case 401 -> new Refuse(401, "INVALID_AUTH", "Invalid credentials.");
            case 402 -> new Refuse(402, "ASR_PAYMENT_REQUIRED", "Project does not have enough credits.");
            case 403 -> new Refuse(403, "INSUFFICIENT_PERMISSIONS", "No access to the requested model.");
            case 404 -> new Refuse(404, "NOT_FOUND", "The requested resource was not found.");
            case 429 -> new Refuse(429, "TOO_MANY_REQUESTS", "Too many requests. Please try again later.");
            default -> new Refuse(status, "SERVICE_UNAVAILABLE", "Please try again later.");
        };
    }

    /** 1008 DATA-0000: the audio cannot be decoded. */
    static Fault undecodable(Duration afterAudio) {
        return new Close(
                afterAudio,
                1008,
                "DATA-0000: the payload cannot be decoded as audio. See https://dpgr.am/data0000",
                false);
    }

    /** 1011 NET-0000: the service produced nothing in its window. */
    static Fault net0000(Duration afterAudio) {
        return new Close(
                afterAudio,
                1011,
                "Deepgram did not provide a response in the timeout window. See https://dpgr.am/net0000",
                true);
    }

    /** 1011 NET-0001: nothing came from the client for too long. */
    static Fault net0001(Duration afterAudio) {
        return new Close(
                afterAudio,
                1011,
                "Deepgram did not receive audio data or a text message within the timeout window. See"
                        + " https://dpgr.am/net0001",
                true);
    }

    static Fault drop(Duration afterAudio) {
        return new Drop(afterAudio);
    }

    static Fault freeze(Duration afterAudio) {
        return new Freeze(afterAudio);
    }

    static Fault stopReading(Duration afterAudio) {
        return new StopReading(afterAudio);
    }
}
