package io.rtaa.asr;

import org.jspecify.annotations.Nullable;

/**
 * What a recogniser says on one connection. Times count the audio delivered on that connection.
 *
 * <p>Thread-safety: a connection calls one method at a time, in the order things happened, on a thread that may be held up
 * briefly but not blocked; it may be the thread that is just calling a method of the connection.
 */
public interface RecogniserListener {

    /** Audio may be sent from now on. */
    void opened();

    /** What the recogniser believes so far of the audio after its last final. */
    void partial(RecognisedSpan span);

    /** What was said in a span, for good. Spans follow each other; an empty text is as good an acknowledgement as any. */
    void finalResult(RecognisedSpan span);

    /** The utterance ended with the last final that had words, and nothing in that final said so. */
    void utteranceEnd();

    /** The recogniser gave a sign of life that is none of the above. */
    void alive();

    /**
     * The connection is over and nothing follows.
     *
     * @param failure why it went; null where it ended as asked by {@link RecogniserConnection#end}
     */
    void closed(@Nullable RecogniserFailure failure);
}
