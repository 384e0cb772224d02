package io.rtaa.edge.security;

import io.rtaa.call.CidrList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the prefix that a proxy has left in a request's path: that of {@code PUBLIC_URL}, else that of
 * {@code X-Forwarded-Prefix} where a trusted proxy sent the request. Of several values the last counts, as the proxy
 * that is nearest to the service wrote it, and that is the one whose prefix may be left. A proxy that strips its prefix
 * needs neither, and neither does harm then.
 *
 * <p>Thread-safety: does not change.
 */
public final class PathPrefixes {

    private final String own;
    private final CidrList trustedProxies;

    /**
     * @param publicUrl null where none is set
     * @param trustedProxies whose {@code X-Forwarded-Prefix} counts
     */
    public PathPrefixes(@Nullable PublicUrl publicUrl, CidrList trustedProxies) {
        this.own = publicUrl == null ? "" : publicUrl.path();
        this.trustedProxies = trustedProxies;
    }

    /**
     * The prefix, beginning with a slash and not ending with one; empty where the path has none that counts.
     *
     * @param path the request's path, without the query
     * @param remoteAddress the peer that opened the TCP connection
     * @param forwarded the values of {@code X-Forwarded-Prefix} in the order they came
     */
    public Optional<String> of(String path, String remoteAddress, List<String> forwarded) {
        if (isIn(own, path)) {
            return Optional.of(own);
        }
        if (forwarded.isEmpty() || !trustedProxies.contains(remoteAddress)) {
            return Optional.empty();
        }
        String last = forwarded.get(forwarded.size() - 1);
        String prefix =
                PublicUrl.prefix(last.substring(last.lastIndexOf(',') + 1).strip());
        return prefix != null && isIn(prefix, path) ? Optional.of(prefix) : Optional.empty();
    }

    private static boolean isIn(String prefix, String path) {
        return !prefix.isEmpty() && (path.equals(prefix) || path.startsWith(prefix + "/"));
    }
}
