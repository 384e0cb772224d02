package io.rtaa.asr;

/**
 * Why a connection to a recogniser was lost or never came to be.
 *
 * @param kind what may be done about it
 * @param reason what happened, in words for an operator; never holds a key
 */
public record RecogniserFailure(Kind kind, String reason) {

    /** What a failure means for the stream and for others. */
    public enum Kind {
        /** Worth another connection. */
        RETRYABLE,
        /** The provider will not take anybody as things are set: wrong key, no credit, wrong settings. */
        PROVIDER_REFUSES,
        /** This stream's own fault or misfortune (its audio, no room for it): says nothing about others. */
        STREAM_REFUSED
    }
}
