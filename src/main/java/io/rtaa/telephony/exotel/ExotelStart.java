package io.rtaa.telephony.exotel;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a stream when it starts. Texts are as they came: opaque and of any length but for the stream's id.
 *
 * @param streamSid names the stream; 1 to {@link io.rtaa.call.StreamId#MAX_ID_LENGTH} characters, none a control character
 * @param callSid groups the legs of a call; null where it was not sent
 * @param accountSid the account's name; null where it was not sent
 * @param from the calling number; null where it was not sent
 * @param to the called number; null where it was not sent
 * @param sampleRate samples a second: a valid {@code media_format.sample_rate}, else the query's, else 8000
 * @param muLaw whether a byte of the payload is a mu-law sample; else two bytes are one of 16-bit little-endian PCM
 */
public record ExotelStart(
        String streamSid,
        @Nullable String callSid,
        @Nullable String accountSid,
        @Nullable String from,
        @Nullable String to,
        int sampleRate,
        boolean muLaw) {}
