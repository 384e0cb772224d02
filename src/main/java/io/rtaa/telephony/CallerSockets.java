package io.rtaa.telephony;

import io.rtaa.call.LegEvent;
import io.rtaa.call.Principal;
import io.rtaa.call.SocketEvent;
import io.rtaa.call.SocketHeaders;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/**
 * A route step behind a callers' door: replaces what a socket delivered ({@link SocketHeaders}) by what it means, a
 * {@link io.rtaa.call.LegEvent}, a list of them in the rare case of several, or null for nothing, and leaves what the caller
 * is to be told as exchange property {@link SocketReply#PROPERTY}.
 *
 * <p>A connection that closes ends its running leg just as the protocol's own end does; every connection that was seen
 * must come by with its CLOSE, which is when it is forgotten.
 *
 * <p>Thread-safety: any number of connections at once, each one message at a time.
 */
public abstract sealed class CallerSockets implements Processor permits ExotelLegs, PcmLegs {

    private final LiveLegs liveLegs;
    private final ConcurrentMap<String, Caller> callers = new ConcurrentHashMap<>();

    CallerSockets(LiveLegs liveLegs) {
        this.liveLegs = liveLegs;
    }

    /** Makes the state of a new connection. */
    abstract Caller newCaller(@Nullable String query, @Nullable Principal principal);

    @Override
    public final void process(Exchange exchange) {
        Message message = exchange.getMessage();
        String key = required(message, SocketHeaders.CONNECTION_KEY, String.class);
        switch (required(message, SocketHeaders.EVENT, SocketEvent.class)) {
            case OPEN -> {
                caller(key, message);
                message.setBody(null);
            }
            case MESSAGE -> {
                Caller caller = caller(key, message);
                caller.read(message.getBody());
                pass(caller, exchange);
            }
            case CLOSE -> {
                message.setBody(null);
                liveLegs.closed(key);
                Caller caller = callers.remove(key);
                if (caller != null) {
                    caller.disconnected();
                    pass(caller, exchange);
                }
            }
        }
    }

    /** The legs of which no audio came since this was last asked, by their connections' keys. */
    final Map<String, LegEvent.Silent> silentSinceLastLook() {
        Map<String, LegEvent.Silent> silent = new HashMap<>();
        callers.forEach((key, caller) -> {
            LegEvent.Silent event = caller.silentSinceLastLook();
            if (event != null) {
                silent.put(key, event);
            }
        });
        return silent;
    }

    private Caller caller(String key, Message message) {
        Caller known = callers.get(key);
        return known != null ? known : callers.computeIfAbsent(key, newKey -> open(newKey, message));
    }

    private Caller open(String key, Message message) {
        liveLegs.opened(key);
        return newCaller(
                message.getHeader(SocketHeaders.QUERY, String.class),
                message.getHeader(SocketHeaders.PRINCIPAL, Principal.class));
    }

    private static void pass(Caller caller, Exchange exchange) {
        exchange.getMessage().setBody(caller.takeEvents());
        SocketReply reply = caller.takeReply();
        if (reply != null) {
            exchange.setProperty(SocketReply.PROPERTY, reply);
        }
    }

    private static <T> T required(Message message, String header, Class<T> type) {
        T value = message.getHeader(header, type);
        if (value == null) {
            throw new IllegalArgumentException(
                    "header " + header + " is missing; allowed: exchanges of a websocket consumer");
        }
        return value;
    }
}
