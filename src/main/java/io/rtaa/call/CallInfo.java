package io.rtaa.call;

import org.jspecify.annotations.Nullable;

/**
 * What is known about a stream when it starts.
 *
 * @param stream the stream
 * @param callSid groups the legs of one telephone call; null where the caller names none
 * @param streamSid the telephony provider's id of this stream; null where there is none
 * @param from the calling number as it was sent, national or international; null where unknown
 * @param to the called number as it was sent; null where unknown
 * @param sampleRate samples a second of the stream's audio, as {@link AudioFormat} allows
 * @param startedAtMillis when the stream started, epoch milliseconds
 */
public record CallInfo(
        StreamId stream,
        @Nullable String callSid,
        @Nullable String streamSid,
        @Nullable String from,
        @Nullable String to,
        int sampleRate,
        long startedAtMillis) {

    public CallInfo {
        AudioFormat.requireSampleRate(sampleRate);
    }
}
