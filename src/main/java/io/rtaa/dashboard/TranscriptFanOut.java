package io.rtaa.dashboard;

import io.rtaa.call.CallInfo;
import io.rtaa.call.KeepAlive;
import io.rtaa.call.Principal;
import io.rtaa.call.SocketBacklog;
import io.rtaa.call.SocketEvent;
import io.rtaa.call.SocketHeaders;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.Alert;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.dashboard.CallBook.Outcome;
import io.rtaa.tracing.CallSpan;
import io.rtaa.tracing.CallTracing;
import io.rtaa.wire.TranscriptJson;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where transcripts and the browsers that follow them meet, in one order: each exchange is a transcript
 * event, something that happened on a socket, or a tick. What is to be sent leaves in the exchange, addressed by
 * {@link SocketHeaders}; an exchange that has nothing to send stops here.
 *
 * <ul>
 *   <li>A {@link TranscriptEvent} goes into the {@link CallBook}; where it is new and somebody follows it, the body
 *       becomes its JSON, written once, for all their connections.
 *   <li>An {@link Alert} goes to all who follow its call, and is kept nowhere.
 *   <li>A {@link TranscriptEvent.CallErased} takes its call out of the book and out of what newcomers still have to get.
 *   <li>A {@link KeepAlive} goes into the book alone: browsers ask the API which calls are lost.
 *   <li>{@link SocketEvent#OPEN} subscribes the connection; the body becomes the first part of what it missed.
 *   <li>{@link SocketEvent#MESSAGE} is counted and ignored, {@link SocketEvent#CLOSE} ends the subscription.
 *   <li>Any other exchange without a body is a tick: a connection that is behind gets its next part.
 * </ul>
 *
 * <p>Pace: a part is about {@link #SNAPSHOT_PART_CHARS}, a connection gets one each {@link #SNAPSHOT_PAUSE} at most, and
 * none before the part before has left the process ({@link SocketBacklog}). A slow reader therefore catches up with any
 * number of calls as fast as it reads, and one that does not read holds a single part.
 *
 * <p>Thread-safety: one exchange at a time; the lock makes that so whatever the route does, but the order in which they leave
 * is that of the steps' policy, {@link SerialisedPolicy}.
 */
public final class TranscriptFanOut implements Processor {

    /** The length of a part of a snapshot, in characters: what a connection that does not read may hold of it. */
    public static final int SNAPSHOT_PART_CHARS = 256 * 1024;

    /** The least time between two parts of one connection's snapshot. */
    public static final Duration SNAPSHOT_PAUSE = Duration.ofMillis(100);

    /** The most connections one process serves; the next is closed with 1013, try again later. */
    public static final int MAX_SUBSCRIPTIONS = 2_000;

    static final int POLICY_VIOLATION = 1008;
    static final int TRY_AGAIN_LATER = 1013;

    private static final Logger LOG = LoggerFactory.getLogger(TranscriptFanOut.class);

    private final CallBook book;
    private final Clock clock;
    private final CallTracing tracing;

    /** By connection key, in the order in which their snapshots are served. */
    private final Map<String, Subscription> subscriptions = new LinkedHashMap<>();

    /** @param tracing traces the calls */
    public TranscriptFanOut(CallBook book, Clock clock, CallTracing tracing) {
        this.book = book;
        this.tracing = tracing;
        this.clock = clock;
    }

    @Override
    public synchronized void process(Exchange exchange) {
        Message message = exchange.getMessage();
        SocketEvent socketEvent = message.getHeader(SocketHeaders.EVENT, SocketEvent.class);
        boolean hasOutput;
        if (socketEvent != null) {
            hasOutput = onSocket(socketEvent, message);
        } else if (message.getBody() instanceof TranscriptEvent event) {
            hasOutput = onTranscript(event, message);
        } else if (message.getBody() instanceof KeepAlive alive) {
            book.keepAlive(alive.stream());
            hasOutput = false;
        } else if (message.getBody() == null) {
            hasOutput = onTick(message);
        } else {
            throw new IllegalArgumentException("the fan-out got a "
                    + message.getBody().getClass().getName() + "; allowed: " + TranscriptEvent.class.getName()
                    + ", a message of a websocket, or no body");
        }
        exchange.setRouteStop(!hasOutput);
    }

    /** Whether a tick would find something to do, so that a route asks the fan-out only then. */
    public synchronized boolean isAnybodyBehind() {
        return subscriptions.values().stream().anyMatch(Subscription::isBehind);
    }

    /** The connections that follow transcripts now. */
    public synchronized int subscriptions() {
        return subscriptions.size();
    }

    private boolean onTranscript(TranscriptEvent event, Message message) {
        // An alert is for those who look now: the book, which is for those who come later, does without.
        Outcome outcome = event instanceof Alert ? Outcome.ACCEPTED : book.add(event);
        if (outcome == Outcome.DROPPED) {
            return false;
        }
        StreamId stream = event.stream();
        List<String> keys = new ArrayList<>();
        for (Subscription subscription : subscriptions.values()) {
            if (outcome == Outcome.REPLACED || outcome == Outcome.ERASED) {
                subscription.skip(stream);
            }
            if (subscription.isCurrentOn(stream)) {
                keys.add(subscription.connectionKey());
            }
        }
        if (keys.isEmpty()) {
            return false;
        }
        if (tracing.isOn() && event instanceof Final) {
            trace(event, keys.size(), message.getExchange());
        }
        message.setHeader(SocketHeaders.CONNECTION_KEYS, keys);
        message.setBody(TranscriptJson.write(event));
        return true;
    }

    /** One span for all connections of this process, until each has the event in its queue. */
    private void trace(TranscriptEvent event, int sockets, Exchange exchange) {
        CallInfo call = book.latestLeg(event.stream());
        if (call != null) {
            CallSpan span = tracing.join("deliver", call)
                    .tag("type", event.type())
                    .tag("seq", event.seq())
                    .tag("sockets", sockets);
            exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                @Override
                public void onDone(Exchange done) {
                    span.end();
                }
            });
        }
    }

    private boolean onSocket(SocketEvent event, Message message) {
        String key = message.getHeader(SocketHeaders.CONNECTION_KEY, String.class);
        if (key == null) {
            throw new IllegalArgumentException("socket event " + event + " without " + SocketHeaders.CONNECTION_KEY);
        }
        return switch (event) {
            case OPEN -> open(key, message);
            case MESSAGE -> false;
            case CLOSE -> {
                subscriptions.remove(key);
                yield false;
            }
        };
    }

    private boolean open(String key, Message message) {
        Principal principal = message.getHeader(SocketHeaders.PRINCIPAL, Principal.class);
        if (principal == null) {
            return refuse(key, POLICY_VIOLATION, "nobody vouches for this connection", message);
        }
        Optional<Viewer> viewer = Viewer.of(principal);
        if (viewer.isEmpty()) {
            return refuse(key, POLICY_VIOLATION, Viewer.refusal(principal), message);
        }
        if (subscriptions.size() >= MAX_SUBSCRIPTIONS) {
            return refuse(key, TRY_AGAIN_LATER, MAX_SUBSCRIPTIONS + " connections follow transcripts already", message);
        }
        String interactionId;
        try {
            interactionId = interactionId(message.getHeader(SocketHeaders.QUERY, String.class));
        } catch (IllegalArgumentException e) {
            return refuse(key, POLICY_VIOLATION, e.getMessage(), message);
        }
        SocketBacklog backlog = message.getHeader(SocketHeaders.BACKLOG, SocketBacklog.NONE, SocketBacklog.class);
        Subscription subscription = new Subscription(key, viewer.get(), interactionId, backlog);
        subscriptions.put(key, subscription);
        return subscription.takesMore() && sendPart(subscription, message);
    }

    private static @Nullable String interactionId(@Nullable String query) {
        String id = Query.parameter(query, "interaction_id");
        if (id != null) {
            StreamId.requireId("interaction_id", id);
        }
        return id;
    }

    private static boolean refuse(String key, int code, @Nullable String reason, Message message) {
        String text = reason == null ? "bad request" : reason;
        LOG.atInfo().addKeyValue("close_code", code).log("Refused a subscription: {}", text);
        message.setHeader(SocketHeaders.CONNECTION_KEY, key);
        message.setHeader(SocketHeaders.CLOSE_CODE, code);
        message.setHeader(SocketHeaders.CLOSE_REASON, text);
        message.setBody(null);
        return true;
    }

    private boolean onTick(Message message) {
        Subscription next = next(clock.millis());
        if (next == null) {
            return false;
        }
        // To the end of the line, so that the next tick serves another one.
        subscriptions.remove(next.connectionKey());
        subscriptions.put(next.connectionKey(), next);
        return sendPart(next, message);
    }

    /**
     * The connection that gets its next part now: the first in line of those that have taken a part, else the newest. So
     * any number of connections that take nothing keep no place in the line from one that reads.
     */
    private @Nullable Subscription next(long nowMillis) {
        Subscription newest = null;
        for (Subscription subscription : subscriptions.values()) {
            if (subscription.isBehind()
                    && nowMillis - subscription.lastReplayMillis() >= SNAPSHOT_PAUSE.toMillis()
                    && subscription.takesMore()) {
                if (subscription.hasBegun()) {
                    return subscription;
                }
                newest = subscription;
            }
        }
        return newest;
    }

    private boolean sendPart(Subscription subscription, Message message) {
        List<String> part = new ArrayList<>();
        subscription.replay(book, SNAPSHOT_PART_CHARS, clock.millis(), part);
        message.setHeader(SocketHeaders.CONNECTION_KEY, subscription.connectionKey());
        message.setBody(part);
        return !part.isEmpty();
    }
}
