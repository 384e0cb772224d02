package io.rtaa.edge.listener;

import java.util.List;

/** Says by which scheme the outside sent a request that came without TLS. */
@FunctionalInterface
public interface SchemeFinder {

    /**
     * Whether a proxy that is trusted took the request by TLS.
     *
     * @param remoteAddress the peer that opened the TCP connection
     * @param forwarded the values of {@code X-Forwarded-Proto} in the order they came
     */
    boolean isSecure(String remoteAddress, List<String> forwarded);
}
