package io.rtaa.edge.listener;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The answer to a request that is not let in: {@code {"error":<status>,"reason":"…"}}. */
public final class HttpRefusal {

    private HttpRefusal() {}

    /** @param retryAfter goes out in whole seconds, rounded up; null for no {@code Retry-After} */
    public static void send(HttpServerRequest request, int status, String reason, @Nullable Duration retryAfter) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
        if (retryAfter != null) {
            response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(secondsRoundedUp(retryAfter)));
        }
        response.end(new JsonObject().put("error", status).put("reason", reason).encode());
        // What was held back while the verdict was awaited; nobody reads it.
        request.resume();
    }

    /** What {@code Retry-After} says: whole seconds, so that nobody comes back too early. */
    public static long secondsRoundedUp(Duration duration) {
        return duration.plusSeconds(1).minusNanos(1).toSeconds();
    }
}
