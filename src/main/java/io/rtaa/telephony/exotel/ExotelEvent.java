package io.rtaa.telephony.exotel;

import io.rtaa.call.EndReason;

/** A part of what a message of an Exotel connection means: {@link ExotelDecoder} gives them in order. */
public sealed interface ExotelEvent
        permits ExotelStart, ExotelEvent.Audio, ExotelEvent.Ended, ExotelEvent.Refused, ExotelAnomaly {

    /**
     * Audio of the running stream.
     *
     * @param payload the bytes of one message, at least one, in the encoding the start named; an odd number of them is
     *     possible. The array is handed over.
     */
    @SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
    record Audio(byte[] payload) implements ExotelEvent {}

    /** The running stream ends. */
    record Ended(EndReason reason) implements ExotelEvent {}

    /**
     * The connection asked for what cannot be; a stream that is running ends with that. The decoder ignores what
     * follows.
     *
     * @param reason what is wrong and what is allowed, for the peer to read
     */
    record Refused(String reason) implements ExotelEvent {}
}
