package io.rtaa.edge.security;

import io.rtaa.call.CidrList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads {@code X-Forwarded-Proto} of trusted proxies. Of several values the first counts, which the proxy nearest to the
 * browser wrote. A forged one gains nothing: browsers ignore what is said of TLS over a connection without it.
 *
 * <p>Thread-safety: does not change.
 */
public final class ForwardedSchemes {

    /** Some proxies name the scheme of the websocket that they pass on. */
    private static final Set<String> SECURE = Set.of("https", "wss");

    private final CidrList trustedProxies;

    /** @param trustedProxies whose {@code X-Forwarded-Proto} counts */
    public ForwardedSchemes(CidrList trustedProxies) {
        this.trustedProxies = trustedProxies;
    }

    /**
     * Whether a trusted proxy took a request by TLS.
     *
     * @param remoteAddress the peer that opened the TCP connection
     * @param forwarded the values of {@code X-Forwarded-Proto} in the order they came
     */
    public boolean isSecure(String remoteAddress, List<String> forwarded) {
        return !forwarded.isEmpty()
                && trustedProxies.contains(remoteAddress)
                && SECURE.contains(forwarded.get(0).split(",", 2)[0].strip().toLowerCase(Locale.ROOT));
    }
}
