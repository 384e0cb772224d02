package io.rtaa.telephony.pcm;

import org.jspecify.annotations.Nullable;

/**
 * How a caller announced its stream.
 *
 * @param interactionId the caller's own id of the stream, as it came
 * @param tenantId the tenant the caller named; null for none
 * @param sampleRate samples a second
 * @param muLaw whether a byte of a frame is a mu-law sample; else two bytes are one of 16-bit little-endian PCM
 */
public record PcmStart(String interactionId, @Nullable String tenantId, int sampleRate, boolean muLaw) {}
