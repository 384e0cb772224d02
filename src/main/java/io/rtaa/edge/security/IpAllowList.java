package io.rtaa.edge.security;

import io.rtaa.call.CidrList;
import io.rtaa.call.Handshake;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a handshake comes from an address that may call. Behind a proxy that is trusted the caller's address is the
 * rightmost one of {@code X-Forwarded-For} that is no trusted proxy itself: what stands left of it the caller may have
 * made up. From anybody else the header counts for nothing.
 *
 * <p>Thread-safety: does not change.
 */
public final class IpAllowList {
    private final @Nullable CidrList allowed;
    private final CidrList trustedProxies;

    /**
     * @param allowed who may call; null for everybody
     * @param trustedProxies whose {@code X-Forwarded-For} counts
     */
    public IpAllowList(@Nullable CidrList allowed, CidrList trustedProxies) {
        this.allowed = allowed;
        this.trustedProxies = trustedProxies;
    }

    public boolean allows(Handshake handshake) {
        return allowed == null || allowed.contains(clientAddress(handshake));
    }

    /** The caller's address as far as it can be believed; not always an address, as a proxy may write anything. */
    public String clientAddress(Handshake handshake) {
        String client = handshake.remoteAddress();
        String[] hops = String.join(",", handshake.headers().getOrDefault("x-forwarded-for", List.of()))
                .split(",", -1);
        for (int i = hops.length - 1; i >= 0 && trustedProxies.contains(client); i--) {
            String hop = withoutPort(hops[i].strip());
            if (!hop.isEmpty()) {
                client = hop;
            }
        }
        return client;
    }

    private static String withoutPort(String hop) {
        if (hop.startsWith("[")) {
            int end = hop.indexOf(']');
            return end < 0 ? hop : hop.substring(1, end);
        }
        int colon = hop.indexOf(':');
        return colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
    }
}
