package io.rtaa.telephony;

import io.rtaa.call.LegEvent;
import io.rtaa.call.SocketHeaders;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultMessage;
import org.apache.camel.support.ExpressionAdapter;

/**
 * Lists, as messages for the windows' route, the legs that are connected and of which no audio came since the last time it
 * was asked. So a silent call is told from one whose process went away.
 *
 * <p>Thread-safety: one evaluation at a time.
 */
public final class SilentLegs extends ExpressionAdapter {

    private final List<CallerSockets> doors;

    /** @param doors the steps behind the callers' doors */
    public SilentLegs(List<CallerSockets> doors) {
        this.doors = List.copyOf(doors);
    }

    @Override
    public Object evaluate(Exchange exchange) {
        List<Message> silent = new ArrayList<>();
        doors.forEach(
                door -> door.silentSinceLastLook().forEach((key, event) -> silent.add(message(exchange, key, event))));
        return silent;
    }

    private static Message message(Exchange exchange, String key, LegEvent.Silent event) {
        Message message = new DefaultMessage(exchange.getContext());
        message.setHeader(SocketHeaders.CONNECTION_KEY, key);
        message.setBody(event);
        return message;
    }

    @Override
    public String toString() {
        return "silentLegs";
    }
}
