package io.rtaa.config;

import java.util.Map;

/**
 * The headers of requests to a collector, which a file may change.
 *
 * <p>Thread-safety: safe.
 */
final class HeadersInForce {

    private volatile Map<String, String> headers;

    HeadersInForce(Map<String, String> headers) {
        this.headers = headers;
    }

    Map<String, String> get() {
        return headers;
    }

    void replace(Map<String, String> changed) {
        headers = changed;
    }
}
