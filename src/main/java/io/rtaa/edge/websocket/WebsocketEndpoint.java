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

    /** The options in force: those of the name, with what the URI overrides. */
    public WebsocketEndpointOptions getOptions() {
        return options;
    }

    NamedConnections connections() {
        return connections;
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        options.requirePingsInTime();
        WebsocketConsumer consumer = new WebsocketConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        return new WebsocketProducer(this);
    }
}
