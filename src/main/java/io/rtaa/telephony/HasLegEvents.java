package io.rtaa.telephony;

import io.rtaa.call.LegEvent;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;

/**
 * Whether the message of a caller meant something to its leg: the body is a {@link LegEvent}, or a list of them.
 *
 * <p>Thread-safety: stateless.
 */
public final class HasLegEvents implements Predicate {

    @Override
    public boolean matches(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        return body instanceof LegEvent || body instanceof List;
    }
}
