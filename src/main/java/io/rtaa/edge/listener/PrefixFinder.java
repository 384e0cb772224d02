package io.rtaa.edge.listener;

import java.util.List;
import java.util.Optional;

/**
 * Finds the prefix that a proxy has left in a request's path.
 *
 * <p>Thread-safety: every event loop of the listener asks, once a request; it must not block them.
 */
@FunctionalInterface
public interface PrefixFinder {

    /**
     * @param path the request's path, without the query
     * @param remoteAddress the address of the peer that opened the TCP connection, without its port
     * @param forwardedPrefixes the values of {@code X-Forwarded-Prefix} in the order they came; may be empty
     * @return the prefix, which begins with a slash and does not end with one; empty where none in the path counts
     */
    Optional<String> find(String path, String remoteAddress, List<String> forwardedPrefixes);
}
