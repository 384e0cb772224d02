package io.rtaa.edge.websocket;

import io.netty.channel.EventLoop;
import io.rtaa.call.CloseCause;
import io.rtaa.call.Handshake;
import io.rtaa.call.HandshakeGuard;
import io.rtaa.call.HandshakeGuard.Verdict.Granted;
import io.rtaa.routes.HandshakeRoute;
import io.vertx.core.Context;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Processor;
import org.apache.camel.component.vertx.websocket.VertxWebsocketConsumer;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers the events of its sockets to its route. Each socket's events come one at a time and in order; the events of
 * different sockets come at once.
 *
 * <p>When it stops, its path answers 503, its sockets are closed with {@link WebsocketEndpointOptions#setStopCode}, and their CLOSE events still pass through the
 * route; other routes keep theirs.
 */
public class WebsocketConsumer extends VertxWebsocketConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(WebsocketConsumer.class);

    /** How long a stop waits for the CLOSE events of its sockets; what takes longer is logged. */
    private static final int CLOSE_SECONDS = 10;

    private final Set<WebsocketConnection> live = ConcurrentHashMap.newKeySet();
    private final Map<EventLoop, SocketSweep> sweeps = new ConcurrentHashMap<>();
    private volatile boolean accepting;
    private volatile @Nullable EndpointWorkers workers;
    private @Nullable HandshakeRoute handshake;

    WebsocketConsumer(WebsocketEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
    }

    @Override
    public WebsocketEndpoint getEndpoint() {
        return (WebsocketEndpoint) super.getEndpoint();
    }

    String path() {
        return Objects.requireNonNull(getEndpoint().getOptions().getPath());
    }

    @Override
    protected void doStart() throws Exception {
        if (getEndpoint().getOptions().getDispatch() == Dispatch.WORKER) {
            workers = new EndpointWorkers(this, getEndpoint().getOptions().getWorkerThreads());
        }
        String route = getEndpoint().getOptions().handshakeRoute();
        if (route != null) {
            handshake = new HandshakeRoute(
                    getEndpoint().getCamelContext(),
                    route,
                    getEndpoint().getComponent().handshakeTimeout());
            ServiceHelper.startService(handshake);
            if (!handshake.isThere()) {
                LOG.warn(
                        "Every handshake on {} of websocket:{} is answered with 503: no route of this process is from {};"
                                + " allowed: a role with that route, or another address as its handshake",
                        path(),
                        getEndpoint().getName(),
                        route);
            }
        } else {
            LOG.warn(
                    "Everybody who can connect may use {} of websocket:{}, pages of other sites too: its handshake is none",
                    path(),
                    getEndpoint().getName());
        }
        super.doStart();
        accepting = true;
    }

    @Override
    protected void doStop() throws Exception {
        accepting = false;
        CompletableFuture<?>[] closing = live.stream()
                .map(connection -> {
                    closeAsStopped(connection);
                    return connection.finished();
                })
                .toArray(CompletableFuture<?>[]::new);
        // On an event loop there is no waiting: the events that are waited for may need that very loop.
        if (!Context.isOnEventLoopThread()) {
            try {
                CompletableFuture.allOf(closing).get(CLOSE_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException | ExecutionException e) {
                LOG.atWarn()
                        .log(
                                "Route {} stopped before the last events of {} sockets had passed it",
                                getRouteId(),
                                live.size());
            }
        }
        super.doStop();
        ServiceHelper.stopService(handshake);
        EndpointWorkers pool = workers;
        if (pool != null) {
            pool.close();
        }
    }

    /** The threads that run the route; null where the sockets' event loops do. */
    @Nullable
    EndpointWorkers workers() {
        return workers;
    }

    /** What decides about handshakes; null where everybody is let in. */
    @Nullable
    HandshakeGuard guard() {
        return handshake;
    }

    /** Whether handshakes may be granted now. */
    boolean accepting() {
        return accepting;
    }

    /**
     * Takes over a socket that was just upgraded; called on the socket's event loop. The route never sees one whose peer
     * has left already.
     *
     * @param began when the handshake began
     */
    void accept(ServerWebSocket socket, VertxChannel channel, Handshake request, Instant began, Granted granted) {
        WebsocketConnection connection = new WebsocketConnection(this, socket, channel, request, began, granted);
        live.add(connection);
        Duration shortest = getEndpoint().getOptions().shortestTime();
        if (!shortest.isZero()) {
            sweeps.computeIfAbsent(channel.eventLoop(), loop -> new SocketSweep(loop, shortest))
                    .add(connection);
        }
        connection.open();
        // A stop between the handshake's verdict and here has not seen this socket.
        if (!accepting) {
            closeAsStopped(connection);
        }
    }

    private void closeAsStopped(WebsocketConnection connection) {
        connection.close(getEndpoint().getOptions().getStopCode(), "route stopped", CloseCause.ROUTE_STOPPED);
    }

    /** The socket is closing or gone; called on its event loop. */
    void stopLookingAt(WebsocketConnection connection, EventLoop loop) {
        SocketSweep sweep = sweeps.get(loop);
        if (sweep != null) {
            sweep.remove(connection);
        }
    }

    void finished(WebsocketConnection connection) {
        live.remove(connection);
    }
}
