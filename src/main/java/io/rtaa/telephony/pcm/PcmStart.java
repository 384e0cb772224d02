package io.rtaa.telephony.pcm;

import io.rtaa.call.AudioCoding;
import org.jspecify.annotations.Nullable;

/**
 * The stream starts, at most once a connection: how its caller announced it.
 *
 * @param interactionId the caller's own id of the stream, as it came
 * @param tenantId the tenant the caller named; null for none
 * @param coding how the frames are coded
 */
public record PcmStart(String interactionId, @Nullable String tenantId, AudioCoding coding) implements PcmEvent {}
