package io.rtaa.edge.limits;

import io.rtaa.call.ClientAddress;
import io.rtaa.call.HandshakeGuard.Verdict.Refused;
import io.rtaa.call.Principal;
import io.rtaa.routes.HandshakeExchange;
import io.rtaa.routes.LimitMeters;
import io.rtaa.routes.LimitMeters.Limit;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * A step of a handshake's route after those that grant: refuses a principal that asks too often or has too many sockets,
 * and a tenant that has too many calls. While nothing has a credential everybody is one principal; then each address
 * counts as one. A tenant is that of the credential: one that a caller only names in its protocol is not counted.
 *
 * <p>Its options are set where a route file declares it as a bean. Routes that name the same bean count together.
 *
 * <p>Thread-safety: options are set before the first handshake; then any thread. Never blocks.
 */
public final class PrincipalLimitsStep implements Processor {

    private static final int TOO_MANY = 429;

    private static final Duration HANDSHAKES_REFILL = Duration.ofSeconds(10);

    /** A call or a socket ends every few seconds where there are many. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private ClientAddress clients = ClientAddress.OF_THE_CONNECTION;
    private LimitMeters meters = LimitMeters.unmeasured();
    private KeyedRate handshakes = new KeyedRate(0, HANDSHAKES_REFILL);
    private KeyedCount sockets = new KeyedCount(0);
    private KeyedCount calls = new KeyedCount(0);

    /** Says from which address a handshake comes; the peer's own unless set. */
    public void setClients(ClientAddress clients) {
        this.clients = clients;
    }

    /** Counts what is refused. */
    public void setMeters(LimitMeters meters) {
        this.meters = meters;
    }

    /** How many handshakes one principal may make at once, and again in each ten seconds; any number unless set, or for 0. */
    public void setHandshakes(int handshakes) {
        this.handshakes =
                new KeyedRate(AddressLimitsStep.requireNotNegative("handshakes", handshakes), HANDSHAKES_REFILL);
    }

    /** How many sockets one principal may have; any number unless set, or for 0. */
    public void setSockets(int sockets) {
        this.sockets = new KeyedCount(AddressLimitsStep.requireNotNegative("sockets", sockets));
    }

    /** How many calls the callers of one tenant may have; any number unless set, or for 0. */
    public void setCallsPerTenant(int callsPerTenant) {
        this.calls = new KeyedCount(AddressLimitsStep.requireNotNegative("callsPerTenant", callsPerTenant));
    }

    @Override
    public void process(Exchange exchange) {
        HandshakeExchange attempt = HandshakeExchange.of(exchange);
        Principal principal = attempt.principal();
        if (principal == null) {
            return;
        }
        String key = key(principal, attempt);
        Duration wait = handshakes.take(key);
        if (!wait.isZero()) {
            meters.refused(Limit.HANDSHAKES_PER_PRINCIPAL, principal.name());
            attempt.refuse(
                    exchange, new Refused(TOO_MANY, "too many handshakes with this credential; try again later", wait));
        } else if (attempt.handshake().isUpgrade()) {
            connect(exchange, attempt, principal, key);
        }
    }

    private String key(Principal principal, HandshakeExchange attempt) {
        if (principal.equals(Principal.ANYONE)) {
            return AddressKey.of(clients.of(attempt.handshake()));
        }
        return principal.name() + '\n' + principal.tenantId();
    }

    private void connect(Exchange exchange, HandshakeExchange attempt, Principal principal, String key) {
        if (!sockets.tryTake(key)) {
            meters.refused(Limit.SOCKETS_PER_PRINCIPAL, principal.name());
            attempt.refuse(
                    exchange,
                    new Refused(TOO_MANY, "as many sockets are open with this credential as may be", RETRY_AFTER));
            return;
        }
        attempt.hold(() -> sockets.giveBack(key));
        String tenant = principal.tenantId();
        if (tenant == null) {
            return;
        }
        if (!calls.tryTake(tenant)) {
            meters.refused(Limit.CALLS_PER_TENANT, tenant);
            attempt.refuse(
                    exchange,
                    new Refused(
                            TOO_MANY,
                            "this tenant has as many calls as it may have (MAX_CALLS_PER_TENANT)",
                            RETRY_AFTER));
            return;
        }
        attempt.hold(() -> calls.giveBack(tenant));
    }
}
