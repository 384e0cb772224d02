package io.rtaa.edge.security;

import io.rtaa.call.CidrList;
import io.rtaa.call.Handshake;
import io.rtaa.call.UrlAuthority;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says how a peer reaches the public listener from outside: as {@code PUBLIC_URL} says where it is set, else by the host
 * that the peer asked for. Where a trusted proxy sent the request, {@code X-Forwarded-Host}, {@code X-Forwarded-Proto} and
 * {@code X-Forwarded-Prefix} say more; from anybody else they count for nothing. Of several hosts and schemes the first
 * counts, which the proxy nearest to the peer wrote, as in {@link OriginPolicy}: a peer that makes one up leads itself
 * astray only.
 *
 * <p>Thread-safety: does not change.
 */
public final class OutsideAddress {

    private final @Nullable PublicUrl publicUrl;
    private final CidrList trustedProxies;

    /**
     * @param publicUrl null where it is not set
     * @param trustedProxies whose {@code X-Forwarded-*} counts
     */
    public OutsideAddress(@Nullable PublicUrl publicUrl, CidrList trustedProxies) {
        this.publicUrl = publicUrl;
        this.trustedProxies = trustedProxies;
    }

    /**
     * What comes before the path of a websocket's address, without a slash at its end.
     *
     * @param request what the peer asked for
     * @param isTls whether its connection to the listener is encrypted
     * @return empty where no header names a host
     */
    Optional<String> websockets(Handshake request, boolean isTls) {
        if (publicUrl != null) {
            boolean secure = publicUrl.origin().scheme().equals("https");
            return Optional.of(publicUrl.toString().replaceFirst("^https?", secure ? "wss" : "ws"));
        }
        boolean proxied = trustedProxies.contains(request.remoteAddress());
        String proto = proxied ? first(request, "x-forwarded-proto") : null;
        String host = proxied ? first(request, "x-forwarded-host") : null;
        String authority = authority(host == null ? request.header("host") : host);
        if (authority == null) {
            return Optional.empty();
        }
        boolean secure = proto == null ? isTls : proto.equalsIgnoreCase("https") || proto.equalsIgnoreCase("wss");
        return Optional.of((secure ? "wss://" : "ws://") + authority + (proxied ? prefix(request) : ""));
    }

    private static @Nullable String first(Handshake request, String header) {
        String value = request.header(header);
        String first = value == null ? "" : value.split(",", 2)[0].strip();
        return first.isEmpty() ? null : first;
    }

    private static @Nullable String authority(@Nullable String header) {
        if (header == null) {
            return null;
        }
        try {
            URI url = new URI("//" + header);
            UrlAuthority authority = UrlAuthority.of(url);
            boolean alone = header.equals(url.getRawAuthority());
            return authority == null || authority.userInfo() != null || !alone ? null : authority.toString();
        } catch (URISyntaxException | IllegalArgumentException e) {
            return null;
        }
    }

    /** As in {@link PathPrefixes}: the last value, of the proxy that is nearest to the service. */
    private static String prefix(Handshake request) {
        List<String> forwarded = request.headers().getOrDefault("x-forwarded-prefix", List.of());
        String last = forwarded.isEmpty() ? "" : forwarded.get(forwarded.size() - 1);
        String prefix =
                PublicUrl.prefix(last.substring(last.lastIndexOf(',') + 1).strip());
        return prefix == null ? "" : prefix;
    }
}
