package io.rtaa.asr;

import io.rtaa.call.CallInfo;

/**
 * What a provider needs to know to open a connection.
 *
 * @param call the stream; its sample rate is that of the audio to come
 */
public record RecogniserRequest(CallInfo call) {}
