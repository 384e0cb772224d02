package io.rtaa.edge.security;

import io.rtaa.call.CidrList;
import io.rtaa.call.ClientAddress;
import io.rtaa.call.Handshake;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a handshake comes from an address that may call.
 *
 * <p>Thread-safety: does not change.
 */
public final class IpAllowList {
    private final @Nullable CidrList allowed;
    private final ClientAddress clients;

    /**
     * @param allowed who may call; null for everybody
     * @param trustedProxies whose {@code X-Forwarded-For} counts
     */
    public IpAllowList(@Nullable CidrList allowed, CidrList trustedProxies) {
        this.allowed = allowed;
        this.clients = new ClientAddress(trustedProxies);
    }

    public boolean allows(Handshake handshake) {
        return allowed == null || allowed.contains(clients.of(handshake));
    }
}
