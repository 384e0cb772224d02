package io.rtaa.edge.limits;

import io.rtaa.call.ClientAddress;
import io.rtaa.routes.LimitMeters;
import io.rtaa.routes.LimitMeters.Limit;
import java.time.Duration;
import java.util.List;

/**
 * How many connections and requests one address may have at the public listener. A trusted proxy may have any number of
 * connections; its requests count for those that it names. An IPv6 network of 64 bits counts as one address.
 *
 * <p>Thread-safety: safe; no method blocks.
 */
public final class ClientLimits {

    private static final Duration REFILL = Duration.ofSeconds(10);

    private final ClientAddress clients;
    private final LimitMeters meters;
    private final KeyedCount connections;
    private final KeyedRate requests;
    private final KeyedRate checks;

    /**
     * @param connections how many connections one address may have; 0 for any number
     * @param requests how many requests one address may make at once, and again in each ten seconds; 0 for any number.
     *     As many checks of health besides
     * @param clients says from which address a request comes
     * @param meters counts what is refused
     */
    public ClientLimits(int connections, int requests, ClientAddress clients, LimitMeters meters) {
        this.clients = clients;
        this.meters = meters;
        this.connections = new KeyedCount(connections);
        this.requests = new KeyedRate(requests, REFILL);
        this.checks = new KeyedRate(requests, REFILL);
    }

    /** Refuses nobody. */
    public static ClientLimits none() {
        return new ClientLimits(0, 0, ClientAddress.OF_THE_CONNECTION, LimitMeters.unmeasured());
    }

    /** A connection was opened: false if it is one too many, else {@link #disconnected} is due when it is gone. */
    public boolean connected(String remoteAddress) {
        if (clients.trustedProxies().contains(remoteAddress) || connections.tryTake(AddressKey.of(remoteAddress))) {
            return true;
        }
        meters.refused(Limit.CONNECTIONS_PER_ADDRESS, remoteAddress);
        return false;
    }

    /** A connection that was let in is gone. */
    public void disconnected(String remoteAddress) {
        if (!clients.trustedProxies().contains(remoteAddress)) {
            connections.giveBack(AddressKey.of(remoteAddress));
        }
    }

    /** A connection is closed, as its first request, or the body of any, did not come in time. */
    public void late(String remoteAddress) {
        meters.refused(Limit.REQUEST_TIME, remoteAddress);
    }

    /**
     * A request came.
     *
     * @param path without the query; checks of health count apart, so that a flood from behind a proxy does not make the
     *     proxy believe that the process is down
     * @param remoteAddress the peer of the connection, without its port
     * @param forwardedFor the values of {@code X-Forwarded-For}
     * @return zero where it is allowed, else how long until one will be
     */
    public Duration requested(String path, String remoteAddress, List<String> forwardedFor) {
        String client = clients.of(remoteAddress, forwardedFor);
        boolean isCheck = path.endsWith("/health") || path.endsWith("/health/live");
        Duration wait = (isCheck ? checks : requests).take(AddressKey.of(client));
        if (!wait.isZero()) {
            meters.refused(Limit.REQUESTS_PER_ADDRESS, client);
        }
        return wait;
    }
}
