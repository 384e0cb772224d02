package io.rtaa.audio;

import io.rtaa.call.SocketHeaders;
import org.apache.camel.Exchange;
import org.apache.camel.support.ExpressionAdapter;

/**
 * Tells the frames of one leg from all others by their connection, which carries one leg at a time, and not by a name that
 * the caller sent.
 *
 * <p>Thread-safety: stateless.
 */
public final class WindowKey extends ExpressionAdapter {

    @Override
    public Object evaluate(Exchange exchange) {
        return exchange.getMessage().getHeader(SocketHeaders.CONNECTION_KEY);
    }

    @Override
    public String toString() {
        return "windowKey";
    }
}
