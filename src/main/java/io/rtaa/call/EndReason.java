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
    DRAINED;

    /** The reason as it is written in events. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
