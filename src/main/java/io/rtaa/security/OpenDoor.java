package io.rtaa.security;

import io.rtaa.call.Handshake;
import io.rtaa.call.UrlAuthority;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What still stands guard at a door without credentials. The browser of whoever runs the service carries pages of other
 * sites, and any of them could open a websocket to it; so a handshake with the {@code Origin} of another host is refused.
 * Telephony sends none.
 */
public enum OpenDoor {
    /**
     * Open because nothing is configured, and bound to loopback: the {@code Host} must name loopback too, or a site whose
     * name is made to point here (DNS rebinding) would be its own origin.
     */
    LOOPBACK,
    /** Open on purpose, under whatever name it is reached. */
    ON_PURPOSE;

    /**
     * What is wrong with a browser's request at this door; empty where nothing is. A page that reads from what it believes to
     * be its own host sends no {@code Origin}, so here the {@code Host} counts in any case.
     */
    Optional<String> browsersObjection(Handshake handshake) {
        String named = handshake.header("host");
        String host = host("//" + named);
        if (this == LOOPBACK && named != null && (host == null || !isLoopback(host))) {
            return Optional.of("only http://localhost may connect while authentication is off");
        }
        return objection(handshake);
    }

    /** What is wrong with a handshake at this door; empty where nothing is. */
    Optional<String> objection(Handshake handshake) {
        String origin = handshake.header("origin");
        if (origin == null) {
            return Optional.empty();
        }
        String host = host("//" + handshake.header("host"));
        if (host == null || !host.equals(host(origin))) {
            return Optional.of("a page of another site may not connect while authentication is off");
        }
        if (this == LOOPBACK && !isLoopback(host)) {
            return Optional.of("only http://localhost may connect while authentication is off");
        }
        return Optional.empty();
    }

    private static @Nullable String host(String uri) {
        try {
            UrlAuthority authority = UrlAuthority.of(new URI(uri));
            return authority == null ? null : authority.host().toLowerCase(Locale.ROOT);
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || host.equals("[::1]")
                || (host.startsWith("127.") && CidrList.address(host) != null);
    }
}
