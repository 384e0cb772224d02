package io.rtaa.call;

import java.util.List;

/**
 * Says from which address a request comes. Behind a proxy that is trusted that is the rightmost one of {@code
 * X-Forwarded-For} that is no trusted proxy itself: what stands left of it the client may have made up. From anybody else
 * the header counts for nothing.
 *
 * <p>Thread-safety: does not change.
 *
 * @param trustedProxies whose {@code X-Forwarded-For} counts
 */
public record ClientAddress(CidrList trustedProxies) {

    /** Trusts no proxy: the address is that of the peer of the connection. */
    public static final ClientAddress OF_THE_CONNECTION = new ClientAddress(CidrList.NONE);

    /** The client's address as far as it can be believed; not always an address, as a proxy may write anything. */
    public String of(Handshake handshake) {
        return of(handshake.remoteAddress(), handshake.headers().getOrDefault("x-forwarded-for", List.of()));
    }

    /**
     * The client's address as far as it can be believed; not always an address, as a proxy may write anything.
     *
     * @param remoteAddress the peer of the connection, without its port
     * @param forwardedFor the values of {@code X-Forwarded-For} in the order they came
     */
    public String of(String remoteAddress, List<String> forwardedFor) {
        String client = remoteAddress;
        String[] hops = String.join(",", forwardedFor).split(",", -1);
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
