package io.rtaa.call;

import org.jspecify.annotations.Nullable;

/**
 * Who is on the other side of a connection, as its handshake proved.
 *
 * @param name who it is, for logs: a token's subject or a Basic user name; never a secret
 * @param role what it may do
 * @param tenantId the tenant it is bound to; null where it is bound to none
 * @param callSid the telephone call whose streams alone it may carry; null where it is bound to none
 */
public record Principal(
        String name,
        Role role,
        @Nullable String tenantId,
        @Nullable String callSid) {

    /** Whoever comes through a door that is open on purpose. */
    public static final Principal ANYONE = new Principal("anyone", Role.ADMIN, null);

    /** One that is bound to no telephone call. */
    public Principal(String name, Role role, @Nullable String tenantId) {
        this(name, role, tenantId, null);
    }
}
