package io.rtaa.asr;

import io.rtaa.call.StreamId;

/**
 * How a stream is recognised in this process, as operators see it.
 *
 * @param stream the stream
 * @param provider the recogniser it is with, or waits for; empty before its first audio
 * @param state the state as transcripts say it; empty before the first
 * @param lagMillis its audio that is not final, milliseconds; as it was at the last tick
 */
public record Recognition(StreamId stream, String provider, String state, long lagMillis) {}
