package io.rtaa.edge.security;

import io.rtaa.call.HandshakeGuard.Verdict.Refused;
import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import io.rtaa.routes.HandshakeExchange;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/**
 * A step of a handshake's route: grants the role of a caller for a pair of {@code EXOTEL_BASIC_AUTH}, and refuses a wrong
 * one. A handshake without {@code Authorization: Basic} goes on to the next step.
 *
 * <p>Thread-safety: any thread; never blocks.
 */
public final class BasicStep implements Processor {

    static final String CHALLENGE = "Basic realm=\"rtaa\"";

    private static final int UNAUTHORIZED = 401;

    private volatile @Nullable BasicCredentials pairs;

    /** @param pairs null where none is configured: then the step does nothing */
    public BasicStep(@Nullable BasicCredentials pairs) {
        this.pairs = pairs;
    }

    /** Takes other pairs from now on; a connection that is there stays. */
    public void replacePairs(BasicCredentials newPairs) {
        pairs = newPairs;
    }

    @Override
    public void process(Exchange exchange) {
        HandshakeExchange attempt = HandshakeExchange.of(exchange);
        BasicCredentials known = pairs;
        if (known == null || attempt.principal() != null) {
            return;
        }
        String given = Bearer.authorization(attempt.handshake(), "Basic");
        if (given == null) {
            attempt.misses("Authorization: Basic", CHALLENGE);
            return;
        }
        String user = known.check(given);
        if (user == null) {
            attempt.refuse(exchange, new Refused(UNAUTHORIZED, "the Basic credentials are wrong", null, CHALLENGE));
        } else {
            attempt.grant(new Principal(user, Role.CALLER, null));
        }
    }
}
