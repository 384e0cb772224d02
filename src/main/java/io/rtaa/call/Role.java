package io.rtaa.call;

import java.util.Locale;

/** What somebody may do. */
public enum Role {
    /** Streams calls in. */
    CALLER,
    /** Reads the transcripts of its tenant. */
    VIEWER,
    /** Both, for every tenant. */
    ADMIN;

    /** The role as it is written in a token's {@code role} claim. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
