package io.rtaa.edge.limits;

import io.rtaa.call.ClientAddress;
import io.rtaa.call.Handshake;
import io.rtaa.call.HandshakeGuard.Verdict.Refused;
import io.rtaa.routes.HandshakeExchange;
import io.rtaa.routes.LimitMeters;
import io.rtaa.routes.LimitMeters.Limit;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * The first step of a handshake's route: refuses an address that asks too often, before its credentials are looked at,
 * and answers wrong credentials with 429 instead of 401 once an address brought too many. A right one is let in whatever
 * came before it: it may come from behind the same proxy as the wrong ones.
 *
 * <p>An IPv6 network of 64 bits counts as one address. Its options are set where a route file declares it as a bean.
 *
 * <p>Thread-safety: options are set before the first handshake; then any thread. Never blocks.
 */
public final class AddressLimitsStep implements Processor {

    private static final int UNAUTHORIZED = 401;
    private static final int TOO_MANY = 429;

    private static final Duration HANDSHAKES_REFILL = Duration.ofSeconds(10);
    private static final Duration LOGINS_REFILL = Duration.ofMinutes(1);

    private ClientAddress clients = ClientAddress.OF_THE_CONNECTION;
    private LimitMeters meters = LimitMeters.unmeasured();
    private int wrongLoginsPerMinute;
    private KeyedRate handshakes = new KeyedRate(0, HANDSHAKES_REFILL);
    private KeyedRate wrongLogins = new KeyedRate(0, LOGINS_REFILL);

    /** Says from which address a handshake comes; the peer's own unless set. */
    public void setClients(ClientAddress clients) {
        this.clients = clients;
    }

    /** Counts what is refused. */
    public void setMeters(LimitMeters meters) {
        this.meters = meters;
    }

    /** How many handshakes one address may make at once, and again in each ten seconds; any number unless set, or for 0. */
    public void setHandshakes(int handshakes) {
        this.handshakes = new KeyedRate(requireNotNegative("handshakes", handshakes), HANDSHAKES_REFILL);
    }

    /** How many wrong credentials a minute one address may bring until they are answered with 429; any number unless set. */
    public void setWrongLogins(int wrongLogins) {
        this.wrongLoginsPerMinute = requireNotNegative("wrongLogins", wrongLogins);
        this.wrongLogins = new KeyedRate(wrongLogins, LOGINS_REFILL);
    }

    @Override
    public void process(Exchange exchange) {
        HandshakeExchange attempt = HandshakeExchange.of(exchange);
        String address = clients.of(attempt.handshake());
        String key = AddressKey.of(address);
        Duration wait = handshakes.take(key);
        if (!wait.isZero()) {
            meters.refused(Limit.HANDSHAKES_PER_ADDRESS, address);
            attempt.refuse(
                    exchange, new Refused(TOO_MANY, "too many handshakes from this address; try again later", wait));
            return;
        }
        attempt.onRefusal(refused -> afterRefusal(refused, attempt.handshake(), address, key));
    }

    private Refused afterRefusal(Refused refused, Handshake handshake, String address, String key) {
        if (refused.status() != UNAUTHORIZED || !handshake.bringsCredential()) {
            return refused;
        }
        Duration wait = wrongLogins.take(key);
        if (wait.isZero()) {
            return refused;
        }
        meters.refused(Limit.WRONG_LOGINS_PER_ADDRESS, address);
        return new Refused(
                TOO_MANY,
                "too many wrong credentials from this address; allowed: " + wrongLoginsPerMinute
                        + " a minute, and any number of right ones",
                wait);
    }

    static int requireNotNegative(String name, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed: 0 or more");
        }
        return value;
    }
}
