package io.rtaa.edge.websocket;

import io.rtaa.call.SocketEvent;
import io.rtaa.call.SocketHeaders;
import java.util.Collection;
import java.util.List;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends to sockets of its endpoint by their keys, in header {@link SocketHeaders#CONNECTION_KEYS} or else
 * {@link SocketHeaders#CONNECTION_KEY}. A key without a connection is counted and otherwise ignored: its peer may just have
 * left. Nothing here blocks or waits for a peer.
 *
 * <p>The body is a {@code String} (a text message), a {@code byte[]} (a binary one) or a {@code List} of those (that many
 * messages in that order). With {@link SocketHeaders#CLOSE_CODE} the sockets are closed after it, and the body may be
 * absent. On an exchange that carries a peer's CLOSE event that header tells what happened and closes nothing.
 *
 * <p>Messages that one thread sends to one socket arrive in the order they were sent.
 */
public class WebsocketProducer extends DefaultAsyncProducer {

    private static final Logger LOG = LoggerFactory.getLogger(WebsocketProducer.class);

    private final NamedConnections connections;
    private final String name;

    WebsocketProducer(WebsocketEndpoint endpoint) {
        super(endpoint);
        this.connections = endpoint.connections();
        this.name = endpoint.getName();
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            send(exchange.getMessage());
        } catch (RuntimeException e) {
            exchange.setException(e);
        }
        callback.done(true);
        return true;
    }

    private void send(Message message) {
        Integer closeCode = closeCode(message);
        String closeReason = closeCode == null ? null : message.getHeader(SocketHeaders.CLOSE_REASON, String.class);
        List<?> bodies = bodies(message, closeCode);
        Object keys = message.getHeader(SocketHeaders.CONNECTION_KEYS);
        if (keys instanceof Collection<?> several) {
            for (Object key : several) {
                send(String.valueOf(key), bodies, closeCode, closeReason);
            }
        } else if (keys != null) {
            throw new IllegalArgumentException("header " + SocketHeaders.CONNECTION_KEYS + " is a "
                    + keys.getClass().getName() + "; allowed: a java.util.Collection of keys");
        } else {
            String key = message.getHeader(SocketHeaders.CONNECTION_KEY, String.class);
            if (key == null) {
                throw new IllegalArgumentException("websocket:" + name + " does not know who to send to; set header "
                        + SocketHeaders.CONNECTION_KEY + " or " + SocketHeaders.CONNECTION_KEYS);
            }
            send(key, bodies, closeCode, closeReason);
        }
    }

    private void send(String key, List<?> bodies, @Nullable Integer closeCode, @Nullable String closeReason) {
        WebsocketConnection connection = connections.find(key);
        if (connection == null) {
            connections.meters().sendsDropped.increment();
            LOG.atDebug().addKeyValue("connection_key", key).log("websocket:{} has no such connection", name);
            return;
        }
        connection.send(bodies, closeCode, closeReason);
    }

    private static @Nullable Integer closeCode(Message message) {
        if (message.getHeader(SocketHeaders.EVENT) == SocketEvent.CLOSE) {
            return null;
        }
        Integer code = message.getHeader(SocketHeaders.CLOSE_CODE, Integer.class);
        if (code != null && !isSendable(code)) {
            throw new IllegalArgumentException("header " + SocketHeaders.CLOSE_CODE + " is " + code
                    + "; allowed: 1000 to 1003, 1007 to 1014, 3000 to 4999");
        }
        return code;
    }

    /** RFC 6455, 7.4: the others are reserved or never go over the wire. */
    private static boolean isSendable(int code) {
        return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
    }

    private static List<?> bodies(Message message, @Nullable Integer closeCode) {
        Object body = message.getBody();
        if (body == null) {
            if (closeCode == null) {
                throw notSendable("absent");
            }
            return List.of();
        }
        List<?> bodies = body instanceof List<?> list ? list : List.of(body);
        for (Object each : bodies) {
            if (!(each instanceof String) && !(each instanceof byte[])) {
                throw notSendable(
                        each == null
                                ? "a List with a null"
                                : "a " + each.getClass().getName());
            }
        }
        return bodies;
    }

    private static IllegalArgumentException notSendable(String what) {
        return new IllegalArgumentException("body is " + what
                + "; allowed: String, byte[], a List of those, or none with header " + SocketHeaders.CLOSE_CODE);
    }
}
