package io.rtaa.bus;

import java.util.regex.Pattern;

/**
 * The name of a sink: all routes that read under it, in whatever process, share one position in the transcripts. Two
 * names never share one.
 *
 * @param value 1 to 48 ASCII letters, digits, {@code -} and {@code _}; upper and lower case differ
 */
public record SinkName(String value) {

    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9_-]{1,48}");

    /** @throws IllegalArgumentException if it is no such name; the message says what is allowed */
    public SinkName {
        if (!ALLOWED.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "the name of a sink is '" + value + "'; allowed: 1 to 48 letters, digits, '-' and '_'");
        }
    }

    /**
     * What the brokers call the readers of this sink. A name holds no dot, so what stands before the last one, such as
     * the name of a topic, cannot make two groups the same.
     */
    public String group() {
        return "sink." + value;
    }

    @Override
    public String toString() {
        return value;
    }
}
