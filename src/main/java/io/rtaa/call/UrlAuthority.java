package io.rtaa.call;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whom a URL addresses, names with an underscore included. {@link URI#getHost()} is null for those, although RFC 3986
 * allows them and Docker Compose, Kubernetes and many a company's DNS have them.
 *
 * @param userInfo what stands before the {@code @}, decoded; null where nothing does
 * @param host the name or address; an IPv6 address in brackets
 * @param port the port; -1 where the URL names none
 */
public record UrlAuthority(@Nullable String userInfo, String host, int port) {

    /** What {@link URI} keeps apart itself is left to it; here are names only. */
    private static final Pattern NAME = Pattern.compile("(?:(?<user>[^@]*)@)?(?<host>[\\w.-]+)(?::(?<port>\\d{0,5}))?");

    /** The authority of a URL; null where it names no host. */
    public static @Nullable UrlAuthority of(URI url) {
        if (url.getHost() != null) {
            return new UrlAuthority(url.getUserInfo(), url.getHost(), url.getPort());
        }
        String authority = url.getRawAuthority();
        Matcher matcher = NAME.matcher(authority == null ? "" : authority);
        if (!matcher.matches()) {
            return null;
        }
        String port = matcher.group("port");
        return new UrlAuthority(
                decoded(matcher.group("user")),
                matcher.group("host"),
                port == null || port.isEmpty() ? -1 : Integer.parseInt(port));
    }

    private static @Nullable String decoded(@Nullable String userInfo) {
        if (userInfo == null) {
            return null;
        }
        try {
            return new URI("//" + userInfo + "@host").getUserInfo();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("the part before the @ cannot be decoded", e);
        }
    }

    /** Leaves out the user, which may have a password. */
    @Override
    public String toString() {
        return port < 0 ? host : host + ":" + port;
    }
}
