package io.rtaa.cli;

import io.rtaa.edge.websocket.WebsocketEndpointOptions;
import java.util.Map;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/** Stands in for the component {@code websocket:}; refuses a route that takes sockets in without saying which. */
final class StubbedWebsocketComponent extends StubbedComponent {

    @Override
    protected Endpoint createEndpoint(String uri, String name, Map<String, Object> parameters) throws Exception {
        Object path = parameters.get("path");
        Object kind = parameters.get("kind");
        super.createEndpoint(uri, name, parameters);
        return new SocketsEndpoint(uri, this, name, path, kind);
    }

    /** Makes consumers and producers that are never started. */
    private static final class SocketsEndpoint extends DefaultEndpoint {
        private final String name;
        private final @Nullable Object path;
        private final @Nullable Object kind;

        SocketsEndpoint(String uri, Component component, String name, @Nullable Object path, @Nullable Object kind) {
            super(uri, component);
            this.name = name;
            this.path = path;
            this.kind = kind;
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            WebsocketEndpointOptions.requireDeclared(name, path, kind);
            return new DefaultConsumer(this, processor);
        }

        @Override
        public Producer createProducer() {
            return new DefaultProducer(this) {
                @Override
                public void process(Exchange exchange) {
                    throw new UnsupportedOperationException("routes are built here and not run");
                }
            };
        }
    }
}
