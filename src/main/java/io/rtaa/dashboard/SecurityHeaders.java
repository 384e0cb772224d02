package io.rtaa.dashboard;

import io.vertx.core.http.HttpServerResponse;

/** The headers that tell browsers what they need not fear from the page and the API. */
final class SecurityHeaders {

    /** For what is no page: nothing may be loaded, and nobody may frame it. */
    static final String NO_CONTENT_POLICY = "default-src 'none'; frame-ancestors 'none'";

    private SecurityHeaders() {}

    static void put(HttpServerResponse response, String contentSecurityPolicy) {
        response.putHeader("Content-Security-Policy", contentSecurityPolicy)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin");
    }
}
