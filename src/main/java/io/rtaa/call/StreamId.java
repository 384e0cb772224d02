package io.rtaa.call;

import org.jspecify.annotations.Nullable;

/**
 * Names one stream: one leg's audio, from its start to its end. An {@code interactionId} is unique within its tenant
 * only, so both together are the key wherever streams are told apart.
 *
 * @param tenantId the tenant of the caller's token, else the caller's account
 * @param interactionId Exotel's {@code stream_sid}, or the id a plain caller chose
 */
public record StreamId(String tenantId, String interactionId) {

    /** The longest id, in characters, that is taken from a caller; Exotel's own have about 30. */
    public static final int MAX_ID_LENGTH = 128;

    public StreamId {
        requireId("tenant_id", tenantId);
        requireId("interaction_id", interactionId);
    }

    /**
     * Why a text is no id: ids have 1 to {@link #MAX_ID_LENGTH} printable characters and are not blank.
     *
     * @param name what the text is called where it comes from
     * @return what is wrong and what is allowed; null for an id
     */
    public static @Nullable String fault(String name, String value) {
        if (value.isBlank() || value.length() > MAX_ID_LENGTH) {
            return name + " has " + value.length() + " characters; allowed: 1 to " + MAX_ID_LENGTH + ", not blank";
        }
        return value.chars().anyMatch(Character::isISOControl)
                ? name + " holds a control character; allowed: printable characters"
                : null;
    }

    /** @throws IllegalArgumentException if the text is no id; the message is its {@link #fault} */
    public static void requireId(String name, String value) {
        String fault = fault(name, value);
        if (fault != null) {
            throw new IllegalArgumentException(fault);
        }
    }

    @Override
    public String toString() {
        return tenantId + "/" + interactionId;
    }
}
