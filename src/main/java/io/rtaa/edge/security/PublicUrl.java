package io.rtaa.edge.security;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the outside reaches the public listener.
 *
 * @param origin the origin of the dashboard's page
 * @param path the path below which everything is, without a last slash; empty where there is none
 */
public record PublicUrl(WebOrigin origin, String path) {

    private static final String ALLOWED = "http:// or https://, a host, and where needed a port and a path of letters,"
            + " digits and -._~, such as https://example.org/rtaa";

    /**
     * Segments of plain characters, none of dots alone: nothing that a proxy or the router reads in another way. It
     * gives nothing back ({@code ++}, {@code *+}), or thousands of segments would overflow the stack.
     */
    private static final Pattern PATH = Pattern.compile("(?:/(?!\\.{1,2}(?:/|$))[A-Za-z0-9._~-]++)*+");

    /** The first segments of the service's own addresses, which a path could not be told from. */
    private static final Set<String> OWN = Set.of("api", "v1", "health", "docs", "_static");

    /**
     * Reads a setting.
     *
     * @throws IllegalArgumentException that says what is wrong and what is allowed; it does not show a user or a query
     */
    public static PublicUrl parse(String text) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "character " + (e.getIndex() + 1) + " has no place there; allowed: " + ALLOWED, e);
        }
        if (url.getRawUserInfo() != null
                || url.getRawQuery() != null
                || url.getRawFragment() != null
                || String.valueOf(url.getRawAuthority()).contains("@")) {
            throw new IllegalArgumentException("it has a user, a query or a fragment; allowed: " + ALLOWED);
        }
        WebOrigin origin = WebOrigin.of(url);
        if (origin == null) {
            throw new IllegalArgumentException("'" + text + "' is no address of a page; allowed: " + ALLOWED);
        }
        String path = prefix(url.getRawPath());
        if (path == null) {
            throw new IllegalArgumentException("'" + text + "' has the path '" + url.getRawPath() + "'; allowed: "
                    + ALLOWED + "; not below /"
                    + String.join(", /", OWN.stream().sorted().toList())
                    + ", which the service has itself");
        }
        return new PublicUrl(origin, path);
    }

    /** A path as a prefix, without its last slash; empty for none, and null where it cannot be one. */
    static @Nullable String prefix(String path) {
        String bare = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        if (!PATH.matcher(bare).matches() || (!bare.isEmpty() && OWN.contains(bare.split("/", -1)[1]))) {
            return null;
        }
        return bare;
    }

    @Override
    public String toString() {
        return origin + path;
    }
}
