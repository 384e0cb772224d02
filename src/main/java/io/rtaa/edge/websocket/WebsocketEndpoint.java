package io.rtaa.edge.websocket;

import io.rtaa.call.SocketHeaders;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.component.vertx.websocket.VertxWebsocketConfiguration;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;

/**
 * A named websocket endpoint. As a consumer it delivers the events of its sockets, as a producer it sends to them by
 * connection key. {@link WebsocketEndpointOptions} documents the options.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "websocket",
        title = "Websocket",
        syntax = "websocket:name",
        category = {Category.NETWORKING},
        headersClass = SocketHeaders.class)
@Metadata(excludeProperties = WebsocketEndpoint.UNUSED)
public class WebsocketEndpoint extends OptionlessEndpoint {

    /** The options of camel-vertx-websocket's endpoint, which do nothing here. */
    static final String UNUSED = "host,port,allowedOriginPattern,allowOriginHeader,clientOptions,clientSubProtocols,"
            + "consumeAsClient,fireWebSocketConnectionEvents,handshakeHeaders,maxReconnectAttempts,originHeaderUrl,"
            + "reconnectInitialDelay,reconnectInterval,router,sendToAll,serverOptions,sslContextParameters";

    @UriPath(description = "The name, under which routes share its sockets")
    @Metadata(required = true)
    private final String name;

    @UriParam
    private final WebsocketEndpointOptions options;

    private final NamedConnections connections;

    WebsocketEndpoint(
            String uri,
            WebsocketComponent component,
            VertxWebsocketConfiguration address,
            String name,
            WebsocketEndpointOptions options,
            NamedConnections connections) {
        super(uri, component, address);
        this.name = name;
        this.options = options;
        this.connections = connections;
    }

    /** The name in {@code websocket:<name>}. */
    public String getName() {
        return name;
    }

    /** The options in force. */
    public WebsocketEndpointOptions getOptions() {
        return options;
    }

    NamedConnections connections() {
        return connections;
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        requireDeclared();
        options.requirePingsInTime();
        WebsocketConsumer consumer = new WebsocketConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    /** What a route has to say of the sockets that it takes in, so that none is open by an oversight. */
    private void requireDeclared() {
        WebsocketEndpointOptions.requireDeclared(name, options.getPath(), options.getKind());
        if (options.handshakeRoute() == null && !getComponent().isOpenAllowed()) {
            throw new IllegalArgumentException("handshake of websocket:" + name + " is '"
                    + WebsocketEndpointOptions.NONE + "' although other machines can connect; allowed: the address of a"
                    + " route that decides who comes in, BIND_ADDRESS=127.0.0.1, or RTAA_AUTH=none");
        }
    }

    @Override
    public Producer createProducer() {
        return new WebsocketProducer(this);
    }
}
