package io.rtaa.websocket;

import io.rtaa.call.SocketHeaders;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.component.vertx.websocket.VertxWebsocketConfiguration;
import org.apache.camel.component.vertx.websocket.VertxWebsocketEndpoint;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;

/**
 * A named websocket endpoint. As a consumer it delivers the events of its sockets, as a producer it sends to them by
 * connection key. {@link WebsocketEndpointOptions} documents the options.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "websocket",
        title = "Websocket",
        syntax = "websocket:name",
        headersClass = SocketHeaders.class)
public class WebsocketEndpoint extends VertxWebsocketEndpoint {

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

    /** An unknown option is a mistake here, and refused. */
    @Override
    public boolean isLenientProperties() {
        return false;
    }

    @Override
    public WebsocketComponent getComponent() {
        return (WebsocketComponent) super.getComponent();
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
