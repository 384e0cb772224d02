package io.rtaa.call;

import org.jspecify.annotations.Nullable;

/**
 * Who is on the other side of a connection, as its handshake proved.
 *
 * @param name who it is, for logs: a token's subject or a Basic user name; never a secret
 * @param role what it may do
 * @param tenantId the tenant it is bound to; null where it is bound to none
 */
public record Principal(String name, Role role, @Nullable String tenantId) {

    /** Whoever comes through a door that is open on purpose. */
    public static final Principal ANYONE = new Principal("anyone", Role.ADMIN, null);
}
