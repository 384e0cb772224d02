package io.rtaa.bus;

import java.util.Locale;

/** What travels on a bus. */
public enum Topic {
    AUDIO,
    /** Transcript events that are no partials. */
    TRANSCRIPTS,
    /** Partials, and the keep-alives of quiet calls. */
    PARTIALS;

    /** The topic's name in metrics, messages and addresses: its constant in lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The topic of a name.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public static Topic named(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
