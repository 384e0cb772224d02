package io.rtaa.edge.security;

import io.rtaa.call.HandshakeGuard.Verdict.Refused;
import io.rtaa.routes.HandshakeExchange;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * A step of a handshake's route: refuses peers whose address is not on the allow-list ({@code EXOTEL_ALLOWED_IPS}). An
 * address is no credential, so that it grants nothing.
 *
 * <p>Thread-safety: any thread; never blocks.
 */
public final class AllowListStep implements Processor {

    private static final int FORBIDDEN = 403;

    private final IpAllowList addresses;

    /** @param addresses who may come in from where */
    public AllowListStep(IpAllowList addresses) {
        this.addresses = addresses;
    }

    @Override
    public void process(Exchange exchange) {
        HandshakeExchange attempt = HandshakeExchange.of(exchange);
        if (!addresses.allows(attempt.handshake())) {
            attempt.refuse(exchange, new Refused(FORBIDDEN, "this address is not on the allow-list", null));
        }
    }
}
