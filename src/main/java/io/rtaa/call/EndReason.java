package io.rtaa.call;

import java.util.Locale;

/** Why a stream ended, as {@code call_ended} says it. */
public enum EndReason {
    /** The caller's side stopped the stream while the call may go on. */
    STOPPED,
    /** The call was hung up. */
    CALLENDED,
    /** The socket went without a word. */
    DISCONNECTED,
    /** The process that took the call went away. */
    LOST,
    /** This process stopped and could wait no longer. */
    DRAINED,
    /** The server closed the stream because the caller sent nothing for too long. */
    IDLE,
    /** The server closed the stream because of what the caller sent. */
    REFUSED,
    /** A fault of the service ended the stream. */
    FAILED,
    /** An operator ended the stream. */
    ENDED_BY_OPERATOR;

    /** Whether the caller did not say that it was done, nor break a rule: its stream may go on over another socket. */
    public boolean isCutOff() {
        return switch (this) {
            case DISCONNECTED, LOST, DRAINED, IDLE, FAILED -> true;
            case STOPPED, CALLENDED, REFUSED, ENDED_BY_OPERATOR -> false;
        };
    }

    /** The reason as it is written in events. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The reason with a name from an event. A name that this version does not know comes from a newer process: the
     * stream has ended all the same, and the result is {@link #STOPPED}.
     */
    public static EndReason ofWireName(String name) {
        for (EndReason reason : values()) {
            if (reason.wireName().equals(name)) {
                return reason;
            }
        }
        return STOPPED;
    }
}
