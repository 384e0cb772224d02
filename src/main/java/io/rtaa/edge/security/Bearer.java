package io.rtaa.edge.security;

import io.rtaa.call.Handshake;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a handshake carries its credentials. */
final class Bearer {
    /** The websocket subprotocol by which a browser, which can set no header, hands over a token. */
    static final String SUBPROTOCOL = "bearer";

    private Bearer() {}

    /** What follows the scheme in the Authorization header; null where there is no such header or another scheme. */
    static @Nullable String authorization(Handshake handshake, String scheme) {
        String header = handshake.header("authorization");
        if (header == null || !header.regionMatches(true, 0, scheme + " ", 0, scheme.length() + 1)) {
            return null;
        }
        return header.substring(scheme.length() + 1).strip();
    }

    /** Whether the peer offers {@link #SUBPROTOCOL}; a browser fails a connection that leaves its offer unanswered. */
    static boolean offersSubprotocol(Handshake handshake) {
        return SUBPROTOCOL.equals(subprotocols(handshake).get(0));
    }

    /** The token that follows {@link #SUBPROTOCOL}; null where there is none. */
    static @Nullable String subprotocolToken(Handshake handshake) {
        List<String> offers = subprotocols(handshake);
        return offers.size() >= 2 && SUBPROTOCOL.equals(offers.get(0)) ? offers.get(1) : null;
    }

    /** At least one. No pattern takes the spaces: over many of them it would take time by the square of their number. */
    private static List<String> subprotocols(Handshake handshake) {
        String offers = String.join(",", handshake.headers().getOrDefault("sec-websocket-protocol", List.of()));
        return Arrays.stream(offers.split(",", -1)).map(String::strip).toList();
    }
}
