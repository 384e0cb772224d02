package io.rtaa.telephony.exotel;

import io.rtaa.call.AudioCoding;
import org.jspecify.annotations.Nullable;

/**
 * A stream starts, never while another one is running: what is known of it then. Its texts are ids by
 * {@link io.rtaa.call.PeerId}.
 *
 * @param streamSid names the stream
 * @param callSid groups the legs of a call; null where it was not sent or is blank
 * @param accountSid the account's name; null where it was not sent or is blank
 * @param from the calling number; null where it was not sent or is none
 * @param to the called number; null where it was not sent or is none
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
