package io.rtaa.call;

import org.jspecify.annotations.Nullable;

/**
 * The rule for an id that a peer brings: of a stream, a telephone call, a tenant, the subject of a token. Every way in
 * applies it where the id is read. An id that passes is one segment of a URL's path, one value in a line of the log, and
 * text in every encoding.
 *
 * <p>{@link StreamId} asks for less: ids that a process of the version before has put on the bus are read too.
 *
 * <p>Thread-safety: stateless.
 */
public final class PeerId {

    /** What decoders put where bytes are no text: the id that was sent is another one. */
    private static final char REPLACEMENT = '\ufffd';

    private PeerId() {}

    /**
     * Why a text is no id of at most {@link StreamId#MAX_ID_LENGTH} characters.
     *
     * @param name what the text is called where it comes from
     * @return what is wrong and what is allowed, without the text; null for an id
     */
    public static @Nullable String fault(String name, String value) {
        return fault(name, value, StreamId.MAX_ID_LENGTH);
    }

    /**
     * Why a text is no id.
     *
     * @param name what the text is called where it comes from
     * @param maxLength the longest id, in characters
     * @return what is wrong and what is allowed, without the text; null for an id
     */
    public static @Nullable String fault(String name, String value, int maxLength) {
        String wrong = wrong(value, maxLength);
        return wrong == null
                ? null
                : name + " " + wrong + "; allowed: 1 to " + maxLength
                        + " printable characters, no double quote, no backslash, not . or ..";
    }

    /** @throws IllegalArgumentException if the text is no id; the message is its {@link #fault} */
    public static void require(String name, String value) {
        String fault = fault(name, value);
        if (fault != null) {
            throw new IllegalArgumentException(fault);
        }
    }

    private static @Nullable String wrong(String value, int maxLength) {
        if (value.length() > maxLength) {
            return "has " + value.length() + " characters";
        }
        if (value.isBlank()) {
            return "is blank";
        }
        if (value.equals(".") || value.equals("..")) {
            // A URL's path resolves them away, so that no request could name the call.
            return "is " + value;
        }
        return value.codePoints()
                .filter(character -> !isAllowed(character))
                .mapToObj(character -> "holds U+%04X".formatted(character))
                .findFirst()
                .orElse(null);
    }

    private static boolean isAllowed(int character) {
        return switch (Character.getType(character)) {
            // A surrogate is one without its other half: a pair is one character of another type.
            // A format character may turn the rest of a line around.
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> character != '"' && character != '\\' && character != REPLACEMENT;
        };
    }
}
