package io.rtaa.edge.security;

import io.rtaa.call.HandshakeGuard.Verdict.Refused;
import io.rtaa.routes.HandshakeExchange;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * A step of a handshake's route: refuses browsers whose page is of another site. It comes before the credentials: where the
 * origin is refused, none helps. A caller's token is no cookie that another site's page could use, so that routes of
 * callers need no such step.
 *
 * <p>Thread-safety: any thread; never blocks.
 */
public final class OriginStep implements Processor {

    private static final int FORBIDDEN = 403;

    private final OriginPolicy origins;

    /** @param origins whose pages may connect */
    public OriginStep(OriginPolicy origins) {
        this.origins = origins;
    }

    @Override
    public void process(Exchange exchange) {
        HandshakeExchange attempt = HandshakeExchange.of(exchange);
        origins.objection(attempt.handshake())
                .ifPresent(reason -> attempt.refuse(exchange, new Refused(FORBIDDEN, reason, null)));
    }
}
