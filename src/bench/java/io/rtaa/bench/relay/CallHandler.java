package io.rtaa.bench.relay;

/**
 * What a relay does with a call.
 *
 * <p>Thread-safety: used on the event loop of the caller's socket.
 */
interface CallHandler {

    void audio(byte[] pcm);

    void end();
}
