package io.rtaa.edge.security;

import io.rtaa.call.CidrList;
import io.rtaa.call.UrlAuthority;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The origin of a page as browsers name it in {@code Origin} (RFC 6454).
 *
 * @param scheme {@code http} or {@code https}
 * @param host the name or address in lower case, an IPv6 address in brackets
 * @param port the port, the scheme's own where none is named
 */
public record WebOrigin(String scheme, String host, int port) {

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final int LAST_PORT = 65_535;

    /** Reads an {@code Origin} header; null for {@code null} and whatever else names no http(s) origin. */
    static @Nullable WebOrigin parse(String text) {
        try {
            return of(new URI(text));
        } catch (URISyntaxException | IllegalArgumentException e) {
            return null;
        }
    }

    /** The origin of a URL; null where it is no http(s) URL with a host and a port that can be. */
    static @Nullable WebOrigin of(URI url) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        UrlAuthority authority = UrlAuthority.of(url);
        if (authority == null || (!scheme.equals("http") && !scheme.equals("https"))) {
            return null;
        }
        int port = authority.port() < 0 ? ownPort(scheme) : authority.port();
        return port < 1 || port > LAST_PORT
                ? null
                : new WebOrigin(scheme, authority.host().toLowerCase(Locale.ROOT), port);
    }

    /** The host in a {@code Host} header's value, in lower case and without its port; null where it holds none. */
    static @Nullable String hostOf(String header) {
        try {
            UrlAuthority authority = UrlAuthority.of(new URI("//" + header));
            return authority == null ? null : authority.host().toLowerCase(Locale.ROOT);
        } catch (URISyntaxException | IllegalArgumentException e) {
            return null;
        }
    }

    /** Whether two hosts are one: an IPv6 address may be written in several ways, and a name may have its last dot. */
    static boolean isSameHost(String one, String other) {
        return canonical(one).equals(canonical(other));
    }

    boolean isSame(WebOrigin other) {
        return scheme.equals(other.scheme) && port == other.port && isSameHost(host, other.host);
    }

    private static String canonical(String host) {
        if (!host.startsWith("[") || !host.endsWith("]")) {
            return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        }
        byte[] address = CidrList.address(host.substring(1, host.length() - 1));
        if (address == null) {
            return host;
        }
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            return host;
        }
    }

    private static int ownPort(String scheme) {
        return scheme.equals("https") ? HTTPS_PORT : HTTP_PORT;
    }

    /** As a browser writes it: without the scheme's own port. */
    @Override
    public String toString() {
        return scheme + "://" + host + (port == ownPort(scheme) ? "" : ":" + port);
    }
}
