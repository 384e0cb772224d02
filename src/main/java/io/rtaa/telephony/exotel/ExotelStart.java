package io.rtaa.telephony.exotel;

import io.rtaa.call.AudioCoding;
import org.jspecify.annotations.Nullable;

/**
 * A stream starts, never while another one is running: what is known of it then. Texts are as they came: opaque and of any length but for the stream's id.
 *
 * @param streamSid names the stream; 1 to {@link io.rtaa.call.StreamId#MAX_ID_LENGTH} characters, none a control character
 * @param callSid groups the legs of a call; null where it was not sent
 * @param accountSid the account's name; null where it was not sent
 * @param from the calling number; null where it was not sent
 * @param to the called number; null where it was not sent
 * @param coding how the payloads are coded; {@link AudioCoding#DEFAULT} for a stream that is refused next
 */
public record ExotelStart(
        String streamSid,
        @Nullable String callSid,
        @Nullable String accountSid,
        @Nullable String from,
        @Nullable String to,
        AudioCoding coding)
        implements ExotelEvent {}
