package io.rtaa.edge.websocket;

import io.rtaa.edge.listener.PublicListener;
import org.apache.camel.component.vertx.websocket.VertxWebsocketConfiguration;
import org.apache.camel.component.vertx.websocket.VertxWebsocketEndpoint;

/**
 * camel-vertx-websocket's endpoint without its options, which do nothing here: the {@link PublicListener} has the
 * sockets.
 *
 * <p>The generator of configurers takes over the options of the superclass where that is an endpoint with a scheme of
 * its own. This class stands between the two and has none.
 */
abstract class OptionlessEndpoint extends VertxWebsocketEndpoint {

    OptionlessEndpoint(String uri, WebsocketComponent component, VertxWebsocketConfiguration address) {
        super(uri, component, address);
    }

    /** An unknown option is a mistake here, and refused. */
    @Override
    public final boolean isLenientProperties() {
        return false;
    }

    @Override
    public WebsocketComponent getComponent() {
        return (WebsocketComponent) super.getComponent();
    }
}
