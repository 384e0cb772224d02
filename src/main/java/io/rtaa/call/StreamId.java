package io.rtaa.call;

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

    private static void requireId(String name, String value) {
        if (value.isBlank() || value.length() > MAX_ID_LENGTH) {
            throw new IllegalArgumentException(
                    name + " has " + value.length() + " characters; allowed: 1 to " + MAX_ID_LENGTH + ", not blank");
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(name + " holds a control character; allowed: printable characters");
        }
    }

    @Override
    public String toString() {
        return tenantId + "/" + interactionId;
    }
}
