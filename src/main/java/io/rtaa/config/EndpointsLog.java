package io.rtaa.config;

import io.rtaa.edge.security.StreamUrlApi;
import io.rtaa.edge.websocket.WebsocketEndpoint;
import io.rtaa.edge.websocket.WebsocketEndpointOptions;
import io.rtaa.routes.HandshakeNames;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs, in one line once the routes run, each way in from outside and the route that decides who comes in there: every
 * endpoint of {@code websocket:}, those of a team's own among them, and the requests that pass such a route.
 *
 * <p>Thread-safety: stateless.
 */
final class EndpointsLog {

    private static final String API = "/api";

    private static final Logger LOG = LoggerFactory.getLogger(EndpointsLog.class);

    private EndpointsLog() {}

    /** @param context has started */
    static void write(RtaaSettings settings, CamelContext context) {
        LOG.atInfo()
                .addKeyValue(
                        "endpoints",
                        handshakes(settings, context).entrySet().stream()
                                .map(endpoint -> endpoint.getKey() + " " + endpoint.getValue())
                                .collect(Collectors.joining(", ")))
                .log("Who comes in where");
    }

    /** The handshake of each way in, by its address. */
    static Map<String, String> handshakes(RtaaSettings settings, CamelContext context) {
        Map<String, String> handshakes = new TreeMap<>();
        for (Route route : context.getRoutes()) {
            if (route.getEndpoint() instanceof WebsocketEndpoint endpoint) {
                WebsocketEndpointOptions options = endpoint.getOptions();
                handshakes.put(
                        String.valueOf(options.getPath()),
                        Objects.requireNonNullElse(options.handshakeRoute(), HandshakeNames.NONE));
            }
        }
        String exotel = handshakes.get(StreamUrlApi.ENDPOINT);
        if (exotel != null && settings.credentials().streamTokens() != null) {
            handshakes.put(StreamUrlApi.PATH, exotel);
        }
        if (settings.has(ServiceRole.DASHBOARD)) {
            handshakes.put(API, DashboardConfiguration.VIEWER_HANDSHAKE);
        }
        return handshakes;
    }
}
