package io.rtaa.asr;

/**
 * One connection to a recogniser, carrying one stream's audio.
 *
 * <p>Thread-safety: the session calls one method at a time, possibly from different threads. No method blocks. After
 * {@link #abort} or once the listener heard {@link RecogniserListener#closed}, every call does nothing.
 */
public interface RecogniserConnection {

    /**
     * Sends audio; only once the connection is open.
     *
     * @param pcm audio in the form of {@link io.rtaa.call.AudioFormat}, never empty, left as it is by the connection
     */
    void send(byte[] pcm);

    /** Asks for a final of everything sent so far, where the recogniser can do that. */
    void flush();

    /**
     * Says that no more audio comes: the recogniser delivers what is left and the listener then hears {@link
     * RecogniserListener#closed} with no failure.
     */
    void end();

    /** Drops the connection; the listener hears nothing of it from now on. */
    void abort();
}
