package io.rtaa.routes;

import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;

/**
 * The step at which an exchange failed last, and how often in a row it failed there; kept in the exchange.
 *
 * @param id empty where it is not known
 * @param times outages do not count
 */
record FailedStep(String id, int times) {

    private static final String PROPERTY = "RtaaFailedStep";

    /** Notes that the step in which an exchange is has failed. */
    static FailedStep note(Exchange exchange, boolean counts) {
        FailedStep before = of(exchange);
        String id = current(exchange);
        int timesBefore = before != null && before.id().equals(id) ? before.times() : 0;
        FailedStep now = new FailedStep(id, timesBefore + (counts ? 1 : 0));
        exchange.setProperty(PROPERTY, now);
        return now;
    }

    /** The last one that was noted; null for none. */
    static @Nullable FailedStep of(Exchange exchange) {
        return exchange.getProperty(PROPERTY, FailedStep.class);
    }

    /**
     * The id of the step that an exchange is in; where Camel no longer has it, the endpoint it was sent to last; empty
     * where that is only the one it came from.
     */
    static String current(Exchange exchange) {
        String id = exchange.getExchangeExtension().getHistoryNodeId();
        if (id != null) {
            return id;
        }
        String endpoint = exchange.getProperty(ExchangePropertyKey.TO_ENDPOINT, String.class);
        Endpoint from = exchange.getFromEndpoint();
        boolean origin = from != null && from.getEndpointUri().equals(endpoint);
        return endpoint == null || origin
                ? ""
                : URISupport.sanitizeUri(endpoint).replaceFirst("\\?.*", "");
    }
}
