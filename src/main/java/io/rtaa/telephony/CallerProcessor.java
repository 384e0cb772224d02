package io.rtaa.telephony;

import io.rtaa.call.CloseCause;
import io.rtaa.call.LegEvent;
import io.rtaa.call.Principal;
import io.rtaa.call.SocketEndListener;
import io.rtaa.call.SocketEvent;
import io.rtaa.call.SocketHeaders;
import io.rtaa.call.SocketPace;
import io.rtaa.routes.LogThrottle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The base of a route step that takes a caller protocol: replaces what a socket delivered ({@link SocketHeaders}) by what it means, a
 * {@link io.rtaa.call.LegEvent}, a list of them in the rare case of several, or null for nothing, and leaves what the caller
 * is to be told as exchange property {@link SocketReply#PROPERTY}.
 *
 * <p>A connection that closes ends its running leg just as the protocol's own end does. Every connection that was seen
 * must come by with its CLOSE, which is when it is forgotten; or be reported as ended, which is enough where the route
 * fails on the CLOSE before it gets here.
 *
 * <p>A start or an end that a later step of the route fails on is not lost: it is among what {@link #takeUndelivered}
 * gives. A leg whose start failed ends as {@link io.rtaa.call.EndReason#FAILED}, and its connection is closed with its
 * next message.
 *
 * <p>Thread-safety: any number of connections at once, each one message at a time.
 */
public abstract class CallerProcessor implements Processor, SocketEndListener {

    /** The most connections whose starts and ends wait to be delivered past their route. */
    static final int MAX_UNDELIVERED = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(CallerProcessor.class);

    private final BlockingQueue<Undelivered> undelivered = new LinkedBlockingQueue<>(MAX_UNDELIVERED);
    private final LogThrottle losses = new LogThrottle();
    private final ConcurrentMap<String, Caller> callers = new ConcurrentHashMap<>();

    /** The endpoints of those connections. */
    private final ConcurrentMap<String, Endpoint> endpoints = new ConcurrentHashMap<>();

    /** Makes the state of a new connection. */
    protected abstract Caller newCaller(CallerConnection connection);

    @Override
    public final void process(Exchange exchange) {
        Message message = exchange.getMessage();
        String key = required(message, SocketHeaders.CONNECTION_KEY, String.class);
        switch (required(message, SocketHeaders.EVENT, SocketEvent.class)) {
            case OPEN -> {
                if (exchange.getFromEndpoint() != null) {
                    endpoints.put(key, exchange.getFromEndpoint());
                }
                caller(key, message);
                message.setBody(null);
            }
            case MESSAGE -> {
                Caller caller = caller(key, message);
                pass(key, caller, caller.read(message.getBody()), exchange);
            }
            case CLOSE -> {
                message.setBody(null);
                Caller caller = callers.remove(key);
                endpoints.remove(key);
                if (caller != null) {
                    CloseCause cause = message.getHeader(SocketHeaders.CLOSE_CAUSE, CloseCause.class);
                    Outcome outcome = caller.disconnected(cause == null ? CloseCause.PEER_DROPPED : cause);
                    pass(key, caller, outcome, exchange);
                }
            }
        }
    }

    @Override
    public final void ended(String connectionKey, CloseCause cause) {
        Caller caller = callers.remove(connectionKey);
        endpoints.remove(connectionKey);
        if (caller != null) {
            deliverLater(connectionKey, caller.disconnected(cause).events());
        }
    }

    /**
     * Starts and ends of a connection's legs that its route failed on.
     *
     * @param connectionKey the connection
     * @param events a {@link LegEvent}, or a list of them
     */
    record Undelivered(String connectionKey, Object events) {}

    /** What routes failed on since this was last asked, oldest first; from any thread. */
    final List<Undelivered> takeUndelivered() {
        List<Undelivered> taken = new ArrayList<>();
        undelivered.drainTo(taken);
        return taken;
    }

    private void deliverLater(String key, @Nullable Object events) {
        if (events != null && !undelivered.offer(new Undelivered(key, events))) {
            losses.atLevel(LOG, Level.ERROR)
                    .addKeyValue("connection_key", key)
                    .log("A call's start or end is lost: {} others wait to be published", MAX_UNDELIVERED);
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

    /** The calls that are live, from any thread. */
    final List<LiveCall> liveCalls() {
        List<LiveCall> calls = new ArrayList<>();
        callers.forEach((key, caller) -> {
            LiveCall call = caller.liveCall(key);
            if (call != null) {
                calls.add(call);
            }
        });
        return calls;
    }

    /**
     * Has the close of a connection that follows count as an operator's. From any thread.
     *
     * @return the endpoint that closes it; null where the connection is gone, or came by no endpoint
     */
    final @Nullable Endpoint endByOperator(String connectionKey) {
        Caller caller = callers.get(connectionKey);
        Endpoint endpoint = endpoints.get(connectionKey);
        if (caller == null || endpoint == null) {
            return null;
        }
        caller.endByOperator();
        return endpoint;
    }

    private Caller caller(String key, Message message) {
        Caller known = callers.get(key);
        return known != null ? known : callers.computeIfAbsent(key, newKey -> open(newKey, message));
    }

    private Caller open(String key, Message message) {
        return newCaller(new CallerConnection(
                key,
                Objects.requireNonNullElse(message.getHeader(SocketHeaders.REQUEST_ID, String.class), key),
                message.getHeader(SocketHeaders.HANDSHAKE_BEGAN, Instant.class),
                message.getHeader(SocketHeaders.QUERY, String.class),
                message.getHeader(SocketHeaders.PRINCIPAL, Principal.class),
                Objects.requireNonNullElse(
                        message.getHeader(SocketHeaders.PACE, SocketPace.class), SocketPace.UNLIMITED)));
    }

    private void pass(String key, Caller caller, Outcome outcome, Exchange exchange) {
        Object events = outcome.events();
        exchange.getMessage().setBody(events);
        if (events != null && !(events instanceof LegEvent.Audio)) {
            exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                @Override
                public void onFailure(Exchange failed) {
                    deliverLater(key, caller.undelivered(events));
                }
            });
        }
        SocketReply reply = outcome.reply();
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
