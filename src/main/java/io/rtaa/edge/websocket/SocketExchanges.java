package io.rtaa.edge.websocket;

import io.rtaa.call.CloseCause;
import io.rtaa.call.Handshake;
import io.rtaa.call.Principal;
import io.rtaa.call.SocketBacklog;
import io.rtaa.call.SocketEvent;
import io.rtaa.call.SocketHeaders;
import java.time.Instant;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.spi.HeadersMapFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes the exchanges of one socket: OPEN and CLOSE say of which handshake they are, messages only whose they are, as
 * there are many a second.
 *
 * <p>Thread-safety: none; it belongs to the socket's event loop.
 */
final class SocketExchanges {

    private final WebsocketConsumer consumer;
    private final Handshake handshake;
    private final String requestId;
    private final HeadersMapFactory headersFactory;
    private final Map<String, Object> messageHeaders;

    SocketExchanges(
            WebsocketConsumer consumer,
            String connectionKey,
            String requestId,
            Handshake handshake,
            Principal principal) {
        this.consumer = consumer;
        this.requestId = requestId;
        this.handshake = handshake;
        this.headersFactory = consumer.getEndpoint()
                .getCamelContext()
                .getCamelContextExtension()
                .getHeadersMapFactory();
        this.messageHeaders = headersFactory.newMap();
        messageHeaders.put(SocketHeaders.CONNECTION_KEY, connectionKey);
        messageHeaders.put(SocketHeaders.EVENT, SocketEvent.MESSAGE);
        messageHeaders.put(SocketHeaders.PRINCIPAL, principal);
    }

    /** @param body the message: a String or a byte array */
    Exchange message(Object body) {
        Exchange exchange = exchange();
        exchange.getMessage().setBody(body);
        return exchange;
    }

    /** @param began when the handshake began */
    Exchange open(Instant began, ReadingPace pace, SocketBacklog backlog) {
        Exchange exchange = of(SocketEvent.OPEN);
        exchange.getMessage().setHeader(SocketHeaders.HANDSHAKE_BEGAN, began);
        exchange.getMessage().setHeader(SocketHeaders.PACE, pace);
        exchange.getMessage().setHeader(SocketHeaders.BACKLOG, backlog);
        return exchange;
    }

    /** @param reason null or empty where the close frame gave none */
    Exchange close(CloseCause cause, int code, @Nullable String reason) {
        Exchange exchange = of(SocketEvent.CLOSE);
        Message message = exchange.getMessage();
        message.setHeader(SocketHeaders.CLOSE_CAUSE, cause);
        message.setHeader(SocketHeaders.CLOSE_CODE, code);
        if (reason != null && !reason.isEmpty()) {
            message.setHeader(SocketHeaders.CLOSE_REASON, reason);
        }
        return exchange;
    }

    private Exchange of(SocketEvent event) {
        Exchange exchange = exchange();
        Message message = exchange.getMessage();
        message.setHeader(SocketHeaders.EVENT, event);
        message.setHeader(SocketHeaders.REMOTE_ADDRESS, handshake.remoteAddress());
        message.setHeader(SocketHeaders.PATH, handshake.path());
        message.setHeader(SocketHeaders.REQUEST_ID, requestId);
        String query = handshake.query();
        if (query != null) {
            message.setHeader(SocketHeaders.QUERY, query);
        }
        return exchange;
    }

    private Exchange exchange() {
        Exchange exchange = consumer.createExchange(false);
        exchange.getMessage().setHeaders(headersFactory.newMap(messageHeaders));
        return exchange;
    }
}
