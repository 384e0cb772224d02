package io.rtaa.edge.websocket;

import io.rtaa.call.CloseCause;
import io.rtaa.call.Handshake;
import io.rtaa.call.HandshakeGuard.Verdict.Granted;
import io.rtaa.call.SocketEndListener;
import io.rtaa.call.SocketEvent;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.http.WebSocketFrameType;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One upgraded socket: turns what it receives into exchanges, one at a time, and writes what is sent to it.
 *
 * <pre>
 *          route done at once            socket closed, or close()
 *        ┌────────┐                 ┌──────────────────────────────┐
 *        ▼        │                 │                              ▼
 *      idle ──message──▶ busy ──route not done──▶ paused ──done──▶ … CLOSE ──▶ finished
 *        ▲                                          │
 *        └──────────── route done: resume ──────────┘
 * </pre>
 *
 * <p>A peer that sends faster than {@link ReadingPace} allows has its socket paused for a while, too. While it is paused,
 * nothing is queued here: the socket's own buffer holds a few frames and then the peer is no longer
 * read. CLOSE waits for the messages before it. What a peer sent before it left is handed out at once.
 *
 * <p>Thread-safety: {@link #send} and {@link #close} on any thread; everything that concerns receiving happens on the socket's
 * event loop. To save allocations the connection itself is the callback of each of its exchanges.
 */
final class WebsocketConnection implements AsyncCallback, VertxChannel.Watcher {

    private static final Logger LOG = LoggerFactory.getLogger(WebsocketConnection.class);

    /** Close code where the socket went without a close frame (RFC 6455, 7.1.5). */
    private static final int ABNORMAL = 1006;

    private static final int NORMAL = 1000;
    private static final int GOING_AWAY = 1001;
    private static final int POLICY_VIOLATION = 1008;

    /** Beyond the 64 KiB that make a write queue full: some 50 KB in memory of the longest ones. */
    private static final int MAX_UNREAD_PONGS = 100;

    private static final int TOO_BIG = 1009;
    private static final int INTERNAL_ERROR = 1011;
    private static final int TRY_AGAIN_LATER = 1013;

    /** How long a peer may take to answer a close before its connection is cut. */
    private static final long CLOSE_TIMEOUT_MILLIS = 5_000;

    /** The same for a peer that does not read what it is sent: until the cut, all of that stays in memory. */
    private static final long SLOW_READER_CLOSE_TIMEOUT_MILLIS = 1_000;

    private final WebsocketConsumer consumer;
    private final AsyncProcessor route;
    private final NamedConnections connections;
    private final WebsocketEndpointOptions options;
    private final ServerWebSocket socket;
    private final VertxChannel channel;
    private final String key = UUID.randomUUID().toString();
    private final String requestId;
    private final SocketExchanges exchanges;
    private final Instant handshakeBegan;
    /** Gives back what the handshake was granted with. */
    private final Runnable release;

    private final CompletableFuture<Void> finished = new CompletableFuture<>();

    private final UnsentMessages unsent;
    private final UnfinishedMessages unfinished;

    /** That its bytes are about to be freed, whatever its peer does. */
    private final AtomicBoolean cutOff = new AtomicBoolean();

    /** Guarded by this: the code of a close that began here; null as long as none did. */
    private @Nullable Integer closeCode;

    private @Nullable String closeReason;

    private @Nullable CloseCause closeCause;

    /** Guarded by this: the socket is gone, and was not closed here before. */
    private boolean lost;

    // All below stays on the event loop.
    private final Thread loop = Thread.currentThread();
    private final Context context;
    private final Handler<Void> whenDone = ignored -> routeDone();
    private final Runnable onWorker = this::runOnWorker;
    private final MessageAssembler assembler;
    private @Nullable Exchange current;
    private boolean currentIsOpen;
    private boolean currentIsClose;
    private boolean inProcess;
    private boolean doneInProcess;
    private boolean closing;
    private boolean closeDelivered;
    private int closeTurn;
    private @Nullable Long cutTimer;
    private final PeerWatch watch;
    private final ReadingPace pace;
    private final SocketReading reading;
    /** Null for one that stays however long it wants. */
    private final @Nullable ViewerExpiry expiry;

    private int unreadPongs;
    private boolean cutWhilePinging;
    private boolean hostGone;
    private int failuresInARow;

    /** Called on the event loop of the socket. */
    WebsocketConnection(
            WebsocketConsumer consumer,
            ServerWebSocket socket,
            VertxChannel channel,
            Handshake handshake,
            Instant handshakeBegan,
            Granted granted) {
        this.handshakeBegan = handshakeBegan;
        this.requestId = Objects.requireNonNullElse(handshake.requestId(), key);
        this.consumer = consumer;
        this.route = consumer.getAsyncProcessor();
        this.connections = consumer.getEndpoint().connections();
        this.options = consumer.getEndpoint().getOptions();
        this.socket = socket;
        this.channel = channel;
        this.context = Objects.requireNonNull(Vertx.currentContext());
        this.unfinished = new UnfinishedMessages(connections);
        this.unsent = new UnsentMessages(socket, connections.unsent(), this::failed);
        this.watch = new PeerWatch(options, unsent, () -> connections.isCrowded(options));
        this.pace = new ReadingPace(options, System::nanoTime, connections.meters().tooFarAheadRefused::increment);
        this.reading = new SocketReading(requestId, socket, context, pace, connections.meters(), watch, this::rested);
        this.assembler = new MessageAssembler(options.getMaxMessageBytes(), options.getMaxFrameBytes());
        this.exchanges = new SocketExchanges(consumer, key, requestId, handshake, granted.principal());
        this.release = granted.release();
        this.expiry = ViewerExpiry.of(this, context, handshake.kind(), granted.expiresAt());
    }

    String key() {
        return key;
    }

    /** What names its handshake in the log. */
    String requestId() {
        return requestId;
    }

    /** Completes when the route has seen CLOSE. */
    CompletableFuture<Void> finished() {
        return finished;
    }

    /**
     * Begins to listen and delivers OPEN; called on the event loop, once. If the peer has left already, there is no OPEN
     * and no CLOSE.
     */
    void open() {
        if (!channel.isOpen()) {
            // The peer left during the handshake: there never was a connection.
            closeDelivered = true;
            finish();
            return;
        }
        channel.watch(this);
        if (!options.getTcpUserTimeout().isZero() && !channel.setTcpUserTimeout(options.getTcpUserTimeout())) {
            connections.warnOfMissingTcpUserTimeout();
        }
        if (!options.getPeerTimeout().isZero()) {
            channel.keepUnsentHere();
        }
        socket.exceptionHandler(failure ->
                LOG.atDebug().addKeyValue("request_id", requestId).log("Socket failed: {}", failure.getMessage()));
        socket.frameHandler(this::received);
        socket.closeHandler(closed -> socketClosed());
        connections.add(this);
        process(SocketEvent.OPEN, exchanges.open(handshakeBegan, pace, this::takesMore));
        if (expiry != null) {
            expiry.begin();
        }
    }

    // ---- receiving

    private void received(WebSocketFrame frame) {
        if (cutWhilePinging) {
            // What was read with the pings comes, too.
            return;
        }
        Buffer data = frame.binaryData();
        if (isControl(frame.type())) {
            unfinished.controlFrame(data.length());
        } else {
            unfinished.frame(data.length(), frame.isFinal());
        }
        if (frame.type() == WebSocketFrameType.PING && leavesTooManyPongsUnread()) {
            cutUnreadPongs();
            return;
        }
        if (!reading.wantsMessages()) {
            return;
        }
        if (frame.type() != WebSocketFrameType.PONG) {
            watch.frameCame();
        }
        reading.frame(data.length());
        Object body;
        try {
            body = assembler.add(frame, data);
        } catch (MessageAssembler.UnacceptableException e) {
            countIfTooBig(e.closeCode());
            close(e.closeCode(), e.getMessage(), CloseCause.PROTOCOL_ERROR);
            return;
        }
        if (body != null) {
            watch.messageCame();
            connections.meters().messagesReceived.increment();
            process(SocketEvent.MESSAGE, exchanges.message(body));
        } else {
            reading.restIfUsedUp();
        }
    }

    /**
     * Vert.x answers each ping, also after a close began, and an answer that is not read stays in memory. A few are
     * nothing: a peer may ping while it reads something long.
     */
    private boolean leavesTooManyPongsUnread() {
        unreadPongs = channel.isWritable() ? 0 : unreadPongs + 1;
        return unreadPongs > MAX_UNREAD_PONGS;
    }

    /** At once: in the time that a peer has for its answer to a close, its pings could fill the memory. */
    private void cutUnreadPongs() {
        cutWhilePinging = true;
        close(POLICY_VIOLATION, "pings whose answers are not read; allowed: reading them", CloseCause.PROTOCOL_ERROR);
        channel.cut();
    }

    @Override
    public void bytesRead(int count) {
        watch.bytesCame();
        unfinished.read(count);
    }

    @Override
    public void violated(int code) {
        countIfTooBig(code);
        close(code, null, CloseCause.PROTOCOL_ERROR);
    }

    @Override
    public void failed(Throwable cause) {
        hostGone |= VertxChannel.saysHostIsGone(cause);
    }

    private static boolean isControl(WebSocketFrameType type) {
        return type == WebSocketFrameType.PING || type == WebSocketFrameType.PONG || type == WebSocketFrameType.CLOSE;
    }

    private void countIfTooBig(int code) {
        if (code == TOO_BIG) {
            connections.meters().tooBigClosed.increment();
        }
    }

    private void process(SocketEvent event, Exchange exchange) {
        current = exchange;
        currentIsClose = event == SocketEvent.CLOSE;
        currentIsOpen = event == SocketEvent.OPEN;
        EndpointWorkers workers = consumer.workers();
        if (workers != null) {
            reading.pause();
            workers.run(context, onWorker, e -> {
                exchange.setException(e);
                routeDone();
            });
        } else {
            inProcess = true;
            doneInProcess = false;
            runRoute(exchange);
            inProcess = false;
            if (doneInProcess) {
                routeDone();
            } else {
                reading.pause();
            }
        }
    }

    /** Runs the route for the current exchange on a worker thread. */
    private void runOnWorker() {
        Exchange exchange = current;
        if (exchange != null) {
            runRoute(exchange);
        }
    }

    private void runRoute(Exchange exchange) {
        try {
            // The answer tells little: a route of several steps says "not done" even when it is done on this thread.
            route.process(exchange, this);
        } catch (RuntimeException e) {
            exchange.setException(e);
            done(true);
        }
    }

    /** The route is done with the current exchange; called by Camel on whatever thread got there. */
    @Override
    public void done(boolean doneSync) {
        if (Thread.currentThread() == loop && inProcess) {
            doneInProcess = true;
        } else {
            context.runOnContext(whenDone);
        }
    }

    private void routeDone() {
        Exchange exchange = current;
        if (exchange == null) {
            return;
        }
        current = null;
        Exception failure = exchange.getException();
        if (failure != null) {
            connections.meters().eventsFailed.increment();
            consumer.getExceptionHandler()
                    .handleException("The route failed on an event of a socket; the socket goes on", exchange, failure);
        }
        consumer.releaseExchange(exchange, false);
        if (currentIsClose) {
            finish();
            return;
        }
        countFailuresInARow(failure);
        if (!currentIsOpen) {
            pace.messageDone();
        }
        reading.restIfUsedUp();
        if (!reading.isResting()) {
            reading.resume();
        }
        if (closing) {
            deliverCloseSoon();
        }
    }

    /** The socket has rested, as too much came. */
    private void rested() {
        resumeUnlessBusy();
        if (closing) {
            deliverCloseSoon();
        }
    }

    /** A message may have come during a rest: Vert.x hands out one more frame behind each ping. */
    private void resumeUnlessBusy() {
        if (current == null) {
            reading.resume();
        }
    }

    private void countFailuresInARow(@Nullable Exception failure) {
        failuresInARow = failure == null ? 0 : failuresInARow + 1;
        int most = options.getMaxFailuresInARow();
        if (most > 0 && failuresInARow >= most && reading.wantsMessages()) {
            connections.meters().failingClosed.increment();
            LOG.atError()
                    .addKeyValue("request_id", requestId)
                    .log(
                            "Socket closed: route {} failed on {} of its events in a row",
                            consumer.getRouteId(),
                            failuresInARow);
            close(INTERNAL_ERROR, "the service failed", CloseCause.ROUTE_FAILED);
        }
    }

    // ---- watching the peer

    /**
     * Looks at the socket from time to time: pings its peer, and closes it where the peer is dead or idle.
     *
     * @param nowNanos as {@link System#nanoTime()}
     * @param passedNanos the time since the last look in which the process was there to read, nanoseconds
     */
    void look(long nowNanos, long passedNanos) {
        if (closing) {
            return;
        }
        switch (watch.look(nowNanos, passedNanos, reading.isPaused())) {
            case DEAD -> {
                connections.meters().deadPeers(WebsocketMeters.DeadPeer.SILENT).increment();
                LOG.atInfo()
                        .addKeyValue("request_id", requestId)
                        .log(
                                "Peer found dead: nothing came for {} ms, no pong either",
                                options.getPeerTimeout().toMillis());
                close(GOING_AWAY, "nothing came for too long, no pong either", CloseCause.PEER_DEAD);
            }
            case WITHOUT_FIRST_MESSAGE -> {
                connections.meters().noMessageClosed.increment();
                close(
                        POLICY_VIOLATION,
                        "no message came within "
                                + options.getFirstMessageTimeout().toSeconds() + " s; allowed: the first one sooner",
                        CloseCause.IDLE);
            }
            case IDLE -> {
                connections.meters().idleClosed.increment();
                close(NORMAL, "no message came for too long", CloseCause.IDLE);
            }
            case SLOW_READER -> closeSlowReader();
            case PING_DUE -> unsent.ping();
            case ALIVE -> {
                // It stays.
            }
        }
    }

    // ---- closing

    private void socketClosed() {
        connections.remove(this);
        unfinished.clear();
        synchronized (this) {
            if (closeCode == null) {
                lost = true;
                closeCause = lossCause();
            }
        }
        if (cutTimer != null) {
            context.owner().cancelTimer(cutTimer);
        }
        if (reading.peerIsGone()) {
            resumeUnlessBusy();
        }
        if (!closing) {
            closing = true;
            deliverCloseSoon();
        }
    }

    private synchronized CloseCause closeCause() {
        return closeCause == null ? CloseCause.PEER_DROPPED : closeCause;
    }

    private CloseCause lossCause() {
        if (hostGone) {
            connections.meters().deadPeers(WebsocketMeters.DeadPeer.HOST_GONE).increment();
            LOG.atInfo().addKeyValue("request_id", requestId).log("Peer found dead: its host does not answer");
            return CloseCause.PEER_DEAD;
        }
        return socket.closeStatusCode() == null ? CloseCause.PEER_DROPPED : CloseCause.PEER_CLOSED;
    }

    /** As a task of its own, behind the one in which a resumed socket hands out what it held back. */
    private void deliverCloseSoon() {
        int turn = ++closeTurn;
        context.runOnContext(now -> {
            // An earlier turn may come before the socket has handed out what it held back.
            if (turn == closeTurn && current == null && !reading.isResting() && !closeDelivered) {
                closeDelivered = true;
                process(SocketEvent.CLOSE, closeExchange());
            }
        });
    }

    private Exchange closeExchange() {
        Integer code;
        String reason;
        synchronized (this) {
            code = closeCode;
            reason = closeReason;
        }
        if (code != null) {
            return exchanges.close(closeCause(), code, reason);
        }
        Short sent = socket.closeStatusCode();
        return exchanges.close(closeCause(), sent == null ? ABNORMAL : sent, socket.closeReason());
    }

    /** The viewer is told that what it proved itself with expires soon. */
    void announceExpiry(String message) {
        send(List.of(message), null, null);
    }

    /** What the viewer proved itself with has expired. */
    void expired() {
        connections.meters().expiredClosed.increment();
        LOG.atInfo().addKeyValue("request_id", requestId).log("Closing the socket of a viewer whose token has expired");
        close(ViewerExpiry.CLOSE_CODE, "the token has expired", CloseCause.EXPIRED);
    }

    private void finish() {
        if (expiry != null) {
            expiry.end();
        }
        consumer.stopLookingAt(this, channel.eventLoop());
        SocketEndListener listener = options.getEndListener();
        try {
            if (listener != null) {
                listener.ended(key, closeCause());
            }
        } finally {
            consumer.finished(this);
            release.run();
            finished.complete(null);
        }
    }

    /**
     * Closes the socket; does nothing if a close began here before, or the socket is gone. The peer's messages that
     * have not reached the route are dropped, and CLOSE follows with this code and cause.
     */
    void close(int code, @Nullable String reason, CloseCause cause) {
        synchronized (this) {
            if (closeCode != null || lost) {
                return;
            }
            closeCode = code;
            closeReason = reason;
            closeCause = cause;
            // From now on nobody finds this connection, so nothing more is queued for it.
            connections.remove(this);
            socket.close((short) code, CloseReasons.fit(reason));
        }
        if (Thread.currentThread() == loop) {
            // At once, so that what came with the message that is to blame is not delivered any more.
            closeBegan();
        } else {
            context.runOnContext(now -> closeBegan());
        }
    }

    private void closeBegan() {
        consumer.stopLookingAt(this, channel.eventLoop());
        reading.closing();
        if (channel.isOpen()) {
            // A peer that does not read never sees the close frame and never answers.
            long millis =
                    closeCause() == CloseCause.SLOW_READER ? SLOW_READER_CLOSE_TIMEOUT_MILLIS : CLOSE_TIMEOUT_MILLIS;
            cutTimer = context.owner().setTimer(millis, late -> channel.cut());
        }
        if (!closing) {
            closing = true;
            deliverCloseSoon();
        }
    }

    // ---- sending

    /** Writes messages in their order, contiguously, and then closes if there is a code; never waits. */
    void send(List<?> bodies, @Nullable Integer code, @Nullable String reason) {
        write(bodies, code, reason);
        // With no connection's lock held: the connections that are closed have locks of their own.
        connections.cutSlowReadersAbove(options.getMaxUnsentBytes());
    }

    private synchronized void write(List<?> bodies, @Nullable Integer code, @Nullable String reason) {
        if (closeCode != null) {
            connections.meters().sendsDropped.increment();
            return;
        }
        if (unsent.bytes() > options.getWriteQueueBytes()) {
            closeSlowReader();
            return;
        }
        bodies.forEach(unsent::write);
        if (code != null) {
            close(code, reason, CloseCause.ROUTE_CLOSED);
        }
    }

    private boolean takesMore() {
        return unsent.isEmpty() && !connections.isCrowded(options);
    }

    /** What of the peer's messages is in memory, bytes. */
    long unfinishedBytes() {
        return unfinished.bytes();
    }

    /** Whether {@link #cutUnfinished} or {@link #cutSlowReader} was called. */
    boolean isCutOff() {
        return cutOff.get();
    }

    /** Closes the socket of a peer that has begun too much, and frees it at once; false if it was cut off before. */
    boolean cutUnfinished() {
        if (!cutOff.compareAndSet(false, true)) {
            return false;
        }
        connections.meters().unfinishedClosed.increment();
        close(
                POLICY_VIOLATION,
                "messages that are begun take too much memory; allowed: sending each at once",
                CloseCause.PROTOCOL_ERROR);
        channel.cut();
        return true;
    }

    /** What waits to be sent to the peer. */
    UnsentMessages unsent() {
        return unsent;
    }

    /** Closes the socket of a peer that does not read what is sent to it; does nothing if it is closing. */
    private synchronized void closeSlowReader() {
        if (closeCode != null || lost) {
            return;
        }
        connections.meters().slowReadersClosed.increment();
        LOG.atInfo().addKeyValue("request_id", requestId).log("Closing a slow reader: {} bytes unsent", unsent.bytes());
        close(TRY_AGAIN_LATER, "slow reader", CloseCause.SLOW_READER);
    }

    /** The same, and frees at once what waits for the peer; false if it was cut off before. */
    boolean cutSlowReader() {
        if (!cutOff.compareAndSet(false, true)) {
            return false;
        }
        closeSlowReader();
        channel.cut();
        return true;
    }
}
