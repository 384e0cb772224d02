package io.rtaa.edge.security;

import io.rtaa.call.Handshake;
import io.rtaa.call.HandshakeGuard.Verdict.Refused;
import io.rtaa.call.PeerKind;
import io.rtaa.call.Principal;
import io.rtaa.routes.HandshakeExchange;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * The step of a handshake's route that comes after those that take credentials: refuses a handshake that brought none that
 * one of them takes. Where none of them has any configured, the endpoint is open: it lets in anyone whose page, if a
 * browser asks, is of this machine.
 *
 * <p>Thread-safety: any thread; never blocks.
 */
public final class CredentialStep implements Processor {

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private final OriginPolicy origins;

    /** @param origins whose pages may connect while the endpoint is open */
    public CredentialStep(OriginPolicy origins) {
        this.origins = origins;
    }

    @Override
    public void process(Exchange exchange) {
        HandshakeExchange attempt = HandshakeExchange.of(exchange);
        if (attempt.principal() != null) {
            return;
        }
        List<String> missing = attempt.missing();
        if (!missing.isEmpty()) {
            String reason = "credentials are needed; allowed: " + String.join(", or ", missing);
            attempt.refuse(exchange, new Refused(UNAUTHORIZED, reason, null, attempt.challenge()));
            return;
        }
        Optional<String> objection = objectionToAnyone(attempt.handshake());
        if (objection.isPresent()) {
            attempt.refuse(exchange, new Refused(FORBIDDEN, objection.get(), null));
        } else {
            attempt.grant(Principal.ANYONE);
        }
    }

    private Optional<String> objectionToAnyone(Handshake handshake) {
        return handshake.kind() == PeerKind.VIEWER
                ? origins.objectionToReader(handshake)
                : origins.objectionWithoutCredential(handshake);
    }
}
