package io.rtaa.asr;

import java.util.Locale;

/**
 * Why a connection to a recogniser was lost or never came to be.
 *
 * @param kind what may be done about it
 * @param cause what happened, as a short name of which there are a handful: a label of metrics
 * @param reason what happened, in words for an operator; never holds a key
 */
public record RecogniserFailure(Kind kind, String cause, String reason) {

    /** What a failure means for the stream and for others. */
    public enum Kind {
        /** Worth another connection. */
        RETRYABLE,
        /**
         * The provider takes no call at present, and that may be put right while calls go on: wrong key, no credit, a
         * forbidden model. {@link RecogniserProvider#refusal} says so until it takes calls again.
         */
        PROVIDER_REFUSES,
        /** What is asked of the provider is wrong and stays so until somebody changes the settings. */
        SETTINGS_REFUSED,
        /** This stream's own fault or misfortune (its audio, no room for it): says nothing about others. */
        STREAM_REFUSED
    }

    /** A failure whose cause is what its kind says. */
    public RecogniserFailure(Kind kind, String reason) {
        this(kind, kind.name().toLowerCase(Locale.ROOT), reason);
    }

    /** A failure that is worth another connection. */
    static RecogniserFailure retryable(String cause, String reason) {
        return new RecogniserFailure(Kind.RETRYABLE, cause, reason);
    }
}
