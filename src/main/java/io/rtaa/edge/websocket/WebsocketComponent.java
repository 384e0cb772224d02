package io.rtaa.edge.websocket;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.rtaa.call.HandshakeGuard;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.edge.listener.PublicListenerOptions;
import io.rtaa.routes.EndpointOptions;
import io.vertx.core.VertxOptions;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.component.vertx.websocket.VertxWebsocketComponent;
import org.apache.camel.component.vertx.websocket.VertxWebsocketConfiguration;
import org.apache.camel.component.vertx.websocket.VertxWebsocketConsumer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.jspecify.annotations.Nullable;

/**
 * The component {@code websocket:<name>}: websockets of the {@link PublicListener}, by named endpoints.
 *
 * <p>It extends camel-vertx-websocket and mends what that lacks: a socket's messages stay in order, a socket is paused while
 * its route is behind, handshakes can be refused, sizes and write queues are bounded, sending by key is one look-up, and
 * nothing a peer names becomes a header.
 *
 * <p>Producers and consumers of one name share its connections, whatever route they are in.
 */
@Component("websocket")
@Metadata(excludeProperties = WebsocketComponent.UNUSED + ",meterRegistry")
public class WebsocketComponent extends VertxWebsocketComponent {

    /** The options of camel-vertx-websocket's component, which do nothing here. */
    static final String UNUSED = "allowOriginHeader,defaultHost,defaultPort,originHeaderUrl,router,"
            + "useGlobalSslContextParameters,vertx,vertxOptions";

    private final Map<String, NamedConnections> connections = new ConcurrentHashMap<>();
    private final Map<String, HandshakeGate> gates = new ConcurrentHashMap<>();
    private MeterRegistry meterRegistry = new CompositeMeterRegistry();
    private @Nullable PublicListener listener;
    private boolean openAllowed;

    public @Nullable PublicListener getListener() {
        return listener;
    }

    /** The listener whose port the sockets come in by; default: the only one in the registry. */
    public void setListener(@Nullable PublicListener listener) {
        this.listener = listener;
    }

    public boolean isOpenAllowed() {
        return openAllowed;
    }

    /** Whether an endpoint may let everybody in, with {@code handshake=none}; not unless set. */
    public void setOpenAllowed(boolean openAllowed) {
        this.openAllowed = openAllowed;
    }

    /** Where what is measured goes, before the first endpoint is made; nowhere unless set. */
    public void setMeterRegistry(MeterRegistry meterRegistry) {
        this.meterRegistry = meterRegistry;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String name, Map<String, Object> parameters) throws Exception {
        EndpointOptions known = EndpointOptions.of(getCamelContext(), "websocket");
        known.requireKnown(parameters.keySet());
        known.requireOfType(getCamelContext(), name, parameters);
        WebsocketEndpointOptions options = new WebsocketEndpointOptions();
        VertxWebsocketConfiguration address = new VertxWebsocketConfiguration();
        WebsocketEndpoint endpoint = new WebsocketEndpoint(uri, this, address, name, options, connectionsOf(name));
        setProperties(endpoint, parameters);
        PublicListenerOptions listening = requireListener().options();
        if (options.getMaxMessageBytes() > listening.maxMessageBytes()) {
            throw new ResolveEndpointFailedException(
                    uri,
                    "maxMessageBytes is " + options.getMaxMessageBytes() + "; the listener allows at most "
                            + listening.maxMessageBytes());
        }
        String path = options.getPath();
        address.setWebsocketURI(
                new URI("ws", null, listening.host(), listening.port(), path == null ? "/" : path, null, null));
        if (path != null) {
            // Mounted before any route starts: a path that is known and not served yet answers 503, not 404.
            gateOf(path);
        }
        return endpoint;
    }

    @Override
    protected void doInit() throws Exception {
        // Known before the superclass looks for a Vert.x or makes one: the sockets live on the listener's.
        setVertx(requireListener().vertx());
        super.doInit();
    }

    @Override
    protected void doStart() throws Exception {
        setVertx(requireListener().vertx());
        super.doStart();
    }

    /** Refused: the {@link PublicListener} has the address. */
    @Override
    public void setDefaultHost(String defaultHost) {
        throw unused("defaultHost");
    }

    /** Refused: the {@link PublicListener} has the port. */
    @Override
    public void setDefaultPort(int defaultPort) {
        throw unused("defaultPort");
    }

    /** Refused: the {@link PublicListener} has the router. */
    @Override
    public void setRouter(Router router) {
        throw unused("router");
    }

    /** Refused: this component opens no connections. */
    @Override
    public void setAllowOriginHeader(boolean allowOriginHeader) {
        throw unused("allowOriginHeader");
    }

    /** Refused: this component opens no connections. */
    @Override
    public void setOriginHeaderUrl(String originHeaderUrl) {
        throw unused("originHeaderUrl");
    }

    /** Refused: the {@link PublicListener} has the Vert.x. */
    @Override
    public void setVertxOptions(VertxOptions vertxOptions) {
        throw unused("vertxOptions");
    }

    /** Refused: the {@link PublicListener} speaks no TLS. */
    @Override
    public void setUseGlobalSslContextParameters(boolean useGlobalSslContextParameters) {
        throw unused("useGlobalSslContextParameters");
    }

    private static IllegalArgumentException unused(String option) {
        return new IllegalArgumentException(
                "'" + option + "' is no option of the component websocket; allowed: listener, openAllowed");
    }

    /** Claims the consumer's path: a path is served by one route at a time. */
    @Override
    public void connectConsumer(VertxWebsocketConsumer consumer) {
        gateOf(((WebsocketConsumer) consumer).path()).claim((WebsocketConsumer) consumer);
    }

    /** Gives the path up; it answers 503 until a route claims it again. */
    @Override
    public void disconnectConsumer(VertxWebsocketConsumer consumer) {
        gateOf(((WebsocketConsumer) consumer).path()).release((WebsocketConsumer) consumer);
    }

    /**
     * What decides about handshakes on a path, for plain requests that are to be let in as its sockets are.
     *
     * @return empty while no route takes sockets there; may change with every start and stop of a route
     */
    public Optional<HandshakeGuard> guardOf(String path) {
        HandshakeGate gate = gates.get(path);
        return gate == null ? Optional.empty() : gate.guard();
    }

    /** The gate of a path, mounted on the router with the first endpoint that names it and then for good. */
    private HandshakeGate gateOf(String path) {
        PublicListener mountedOn = requireListener();
        return gates.computeIfAbsent(path, unmounted -> HandshakeGate.mount(unmounted, mountedOn));
    }

    private NamedConnections connectionsOf(String name) {
        return connections.computeIfAbsent(name, added -> new NamedConnections(added, meterRegistry));
    }

    Duration handshakeTimeout() {
        return requireListener().options().handshakeTimeout();
    }

    private PublicListener requireListener() {
        PublicListener found = listener;
        if (found == null) {
            CamelContext context = getCamelContext();
            Set<PublicListener> registered = context.getRegistry().findByType(PublicListener.class);
            if (registered.size() != 1) {
                throw new IllegalStateException("component websocket has no listener and the registry has "
                        + registered.size() + "; allowed: set one on the component, or register exactly one");
            }
            found = registered.iterator().next();
            listener = found;
        }
        return found;
    }
}
