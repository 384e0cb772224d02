package io.rtaa.edge.listener;

import io.vertx.core.http.HttpServerResponse;

/**
 * The headers that every answer of the listener has, whoever writes it, unless a handler sets another value: they keep
 * browsers from running, framing, guessing, caching or telling what is no page.
 *
 * @see <a href="https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html">OWASP's list</a> (read
 *     November 2026)
 */
final class SecurityHeaders {

    /** For what is no page: nothing is loaded, and no page frames it. */
    private static final String NOTHING =
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** What the page does not use and scripts in it shall not either. */
    private static final String NO_DEVICES =
            "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";

    /** A year, for this host alone: others of its domain may not have TLS. */
    private static final String HTTPS_ONLY = "max-age=31536000";

    private SecurityHeaders() {}

    /** @param https whether the request came by TLS, if only to a trusted proxy */
    static void put(HttpServerResponse response, boolean https) {
        response.putHeader("Content-Security-Policy", NOTHING)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Permissions-Policy", NO_DEVICES)
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                .putHeader("Cache-Control", "no-store");
        if (https) {
            response.putHeader("Strict-Transport-Security", HTTPS_ONLY);
        }
    }
}
