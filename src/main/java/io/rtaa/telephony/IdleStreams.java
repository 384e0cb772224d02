package io.rtaa.telephony;

import io.rtaa.call.SocketHeaders;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultMessage;
import org.apache.camel.support.ExpressionAdapter;

/**
 * Lists, as messages for the windows' route, what is to be published of callers besides what their sockets deliver: the
 * legs that are connected and of which no audio came since the last time it was asked, so that a silent call is told
 * from one whose process went away; and the starts and ends of legs that the route of their socket failed on.
 *
 * <p>Thread-safety: one evaluation at a time.
 */
public final class IdleStreams extends ExpressionAdapter {

    private final List<CallerProcessor> protocols;

    /** @param protocols the step of each caller protocol */
    public IdleStreams(List<CallerProcessor> protocols) {
        this.protocols = List.copyOf(protocols);
    }

    @Override
    public Object evaluate(Exchange exchange) {
        List<Message> messages = new ArrayList<>();
        for (CallerProcessor protocol : protocols) {
            protocol.takeUndelivered()
                    .forEach(lost -> messages.add(message(exchange, lost.connectionKey(), lost.events())));
            protocol.silentSinceLastLook().forEach((key, event) -> messages.add(message(exchange, key, event)));
        }
        return messages;
    }

    private static Message message(Exchange exchange, String key, Object events) {
        Message message = new DefaultMessage(exchange.getContext());
        message.setHeader(SocketHeaders.CONNECTION_KEY, key);
        message.setBody(events);
        return message;
    }

    @Override
    public String toString() {
        return "idleStreams";
    }
}
