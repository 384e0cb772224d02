package io.rtaa.edge.websocket;

import io.netty.buffer.ByteBufUtil;
import io.rtaa.call.CloseCause;
import io.rtaa.call.Handshake;
import io.rtaa.call.HandshakeGuard.Verdict.Granted;
import io.rtaa.call.SocketBacklog;
import io.rtaa.call.SocketEndListener;
import io.rtaa.call.SocketEvent;
import io.rtaa.call.SocketHeaders;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.http.WebSocketFrameType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.spi.HeadersMapFactory;
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

    /** What a message that waits takes in memory besides its bytes: buffers, promises, entries of queues. */
    private static final int BYTES_PER_MESSAGE = 512;

    /** How many frames of a peer that has left are handed out before other sockets of the event loop have their turn. */
    private static final int FRAMES_PER_TURN = 500;

    /** The shortest rest of a socket that is read too fast, so that a flood costs ten timers a second. */
    private static final long SHORTEST_REST_MILLIS = 100;

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** How long a peer may take to answer a close before its connection is cut. */
    private static final long CLOSE_TIMEOUT_MILLIS = 5_000;

    /** The same for a peer that does not read what it is sent: until the cut, all of that stays in memory. */
    private static final long SLOW_READER_CLOSE_TIMEOUT_MILLIS = 1_000;

    /** How long a peer may take nothing of what waits for it while its endpoint has much unsent. */
    private static final Duration CROWDED_SEND_TIMEOUT = Duration.ofSeconds(2);

    private final WebsocketConsumer consumer;
    private final AsyncProcessor route;
    private final NamedConnections connections;
    private final WebsocketEndpointOptions options;
    private final ServerWebSocket socket;
    private final VertxChannel channel;
    private final String key = UUID.randomUUID().toString();
    /** What says whose event it is: all that goes along with a message, of which there are many a second. */
    private final Map<String, Object> messageHeaders;

    private final Handshake handshake;
    /** Gives back what the handshake was granted with. */
    private final Runnable release;

    private final HeadersMapFactory headersFactory;
    private final CompletableFuture<Void> finished = new CompletableFuture<>();

    /** Bytes handed to the socket that have not left this process. */
    private final AtomicLong unsentBytes = new AtomicLong();

    private final AtomicLong unsentMessages = new AtomicLong();

    /** When something left this process, or the first thing came that has not, as {@link System#nanoTime()}. */
    private volatile long tookNanos = System.nanoTime();

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
    private boolean paused;
    /** No more messages are wanted: a close began here. */
    private boolean deaf;

    private boolean closing;
    private boolean closeDelivered;
    private int closeTurn;
    private @Nullable Long cutTimer;
    private final PeerSilence silence = new PeerSilence();
    /** Null for one that stays however long it wants. */
    private final @Nullable ViewerExpiry expiry;

    private final ReadingPace pace;
    /** It is not read for a while, as too much came. */
    private boolean resting;

    private @Nullable Long restTimer;
    /** Nothing more comes than what was read already. */
    private boolean gone;

    private int framesOfTurn;
    private boolean paceLogged;
    private boolean messageCame;
    private int unreadPongs;
    private long withoutMessageNanos;
    private long pingedNanos = System.nanoTime();
    private long tookNanosSeen;
    private long tookNothingNanos;
    private boolean hostGone;
    private int failuresInARow;

    /** Called on the event loop of the socket. */
    WebsocketConnection(
            WebsocketConsumer consumer,
            ServerWebSocket socket,
            VertxChannel channel,
            Handshake handshake,
            Granted granted) {
        this.consumer = consumer;
        this.route = consumer.getAsyncProcessor();
        this.connections = consumer.getEndpoint().connections();
        this.options = consumer.getEndpoint().getOptions();
        this.socket = socket;
        this.channel = channel;
        this.context = Objects.requireNonNull(Vertx.currentContext());
        this.pace = new ReadingPace(options, System::nanoTime, connections.meters().tooFarAheadRefused::increment);
        this.assembler = new MessageAssembler(options.getMaxMessageBytes(), options.getMaxFrameBytes());
        this.headersFactory = consumer.getEndpoint()
                .getCamelContext()
                .getCamelContextExtension()
                .getHeadersMapFactory();
        this.handshake = handshake;
        this.release = granted.release();
        this.expiry = ViewerExpiry.of(this, context, handshake.kind(), granted.expiresAt());
        this.messageHeaders = headersFactory.newMap();
        messageHeaders.put(SocketHeaders.CONNECTION_KEY, key);
        messageHeaders.put(SocketHeaders.EVENT, SocketEvent.MESSAGE);
        messageHeaders.put(SocketHeaders.PRINCIPAL, granted.principal());
    }

    String key() {
        return key;
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
        socket.exceptionHandler(
                failure -> LOG.atDebug().addKeyValue("request_id", key).log("Socket failed: {}", failure.getMessage()));
        socket.frameHandler(this::received);
        socket.closeHandler(closed -> socketClosed());
        connections.add(this);
        process(SocketEvent.OPEN, null);
        if (expiry != null) {
            expiry.begin();
        }
    }

    // ---- receiving

    private void received(WebSocketFrame frame) {
        if (deaf) {
            return;
        }
        if (frame.type() != WebSocketFrameType.PONG) {
            silence.spoke();
        }
        if (frame.type() == WebSocketFrameType.PING && leavesTooManyPongsUnread()) {
            close(
                    POLICY_VIOLATION,
                    "pings whose answers are not read; allowed: reading them",
                    CloseCause.PROTOCOL_ERROR);
            return;
        }
        Buffer data = frame.binaryData();
        framesOfTurn++;
        pace.frame(data.length());
        Object body;
        try {
            body = assembler.add(frame, data);
        } catch (MessageAssembler.UnacceptableException e) {
            countIfTooBig(e.closeCode());
            close(e.closeCode(), e.getMessage(), CloseCause.PROTOCOL_ERROR);
            return;
        }
        if (body != null) {
            messageCame = true;
            connections.meters().messagesReceived.increment();
            process(SocketEvent.MESSAGE, body);
        } else {
            restIfUsedUp();
        }
    }

    /**
     * Each ping is answered, and an answer that is not read stays in memory. A few are nothing: a peer may ping while it
     * reads something long.
     */
    private boolean leavesTooManyPongsUnread() {
        unreadPongs = socket.writeQueueFull() ? unreadPongs + 1 : 0;
        return unreadPongs > MAX_UNREAD_PONGS;
    }

    @Override
    public void bytesRead() {
        silence.heard();
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

    private void countIfTooBig(int code) {
        if (code == TOO_BIG) {
            connections.meters().tooBigClosed.increment();
        }
    }

    private void process(SocketEvent event, @Nullable Object body) {
        Exchange exchange = consumer.createExchange(false);
        Message message = exchange.getMessage();
        message.setHeaders(headersFactory.newMap(messageHeaders));
        message.setBody(body);
        if (event != SocketEvent.MESSAGE) {
            message.setHeader(SocketHeaders.EVENT, event);
            describeHandshake(message);
        }
        if (event == SocketEvent.OPEN) {
            message.setHeader(SocketHeaders.PACE, pace);
            message.setHeader(SocketHeaders.BACKLOG, (SocketBacklog) this::takesMore);
        }
        if (event == SocketEvent.CLOSE) {
            describeClose(message);
        }
        current = exchange;
        currentIsClose = event == SocketEvent.CLOSE;
        currentIsOpen = event == SocketEvent.OPEN;
        EndpointWorkers workers = consumer.workers();
        if (workers != null) {
            pause();
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
                pause();
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
        restIfUsedUp();
        if (!resting) {
            resume();
        }
        if (closing) {
            deliverCloseSoon();
        }
    }

    /** Does not read the socket for a while, where more came than its endpoint allows. */
    private void restIfUsedUp() {
        if (resting || deaf) {
            return;
        }
        if (gone) {
            restForATurn();
            return;
        }
        if (!pace.isUsedUp()) {
            return;
        }
        long restMillis = pace.restNanos() / NANOS_PER_MILLI;
        if (restMillis == 0) {
            return;
        }
        ReadingPace.Limit limit = pace.tightest();
        connections.meters().slowed(limit).increment();
        if (!paceLogged) {
            paceLogged = true;
            LOG.atInfo()
                    .addKeyValue("request_id", key)
                    .log("Reading a socket more slowly than its peer sends: too much of {}", limit);
        }
        resting = true;
        pause();
        restTimer = context.owner().setTimer(Math.max(SHORTEST_REST_MILLIS, restMillis), rested -> readAgain());
    }

    /** A peer that has left is not slowed down any more: that would only keep its place from others. */
    private void restForATurn() {
        if (framesOfTurn < FRAMES_PER_TURN) {
            return;
        }
        framesOfTurn = 0;
        resting = true;
        pause();
        context.runOnContext(rested -> readAgain());
    }

    private void readAgain() {
        cancelRest();
        resumeUnlessBusy();
        if (closing) {
            deliverCloseSoon();
        }
    }

    /** A message may have come during a rest: Vert.x hands out one more frame behind each ping. */
    private void resumeUnlessBusy() {
        if (current == null) {
            resume();
        }
    }

    private void cancelRest() {
        resting = false;
        if (restTimer != null) {
            context.owner().cancelTimer(restTimer);
            restTimer = null;
        }
    }

    private void countFailuresInARow(@Nullable Exception failure) {
        failuresInARow = failure == null ? 0 : failuresInARow + 1;
        int most = options.getMaxFailuresInARow();
        if (most > 0 && failuresInARow >= most && !deaf) {
            connections.meters().failingClosed.increment();
            LOG.atError()
                    .addKeyValue("request_id", key)
                    .log(
                            "Socket closed: route {} failed on {} of its events in a row",
                            consumer.getRouteId(),
                            failuresInARow);
            close(INTERNAL_ERROR, "the service failed", CloseCause.ROUTE_FAILED);
        }
    }

    private void pause() {
        paused = true;
        silence.heldBack();
        if (!deaf) {
            socket.pause();
        }
    }

    private void resume() {
        if (paused) {
            paused = false;
            socket.resume();
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
        boolean unsent = unsentMessages.get() > 0;
        silence.passed(passedNanos, paused, unsent);
        countTakingNothing(unsent, passedNanos);
        if (!paused) {
            withoutMessageNanos += passedNanos;
        }
        if (isOver(options.getPeerTimeout(), silence.nothingNanos())) {
            connections.meters().deadPeers(WebsocketMeters.DeadPeer.SILENT).increment();
            LOG.atInfo()
                    .addKeyValue("request_id", key)
                    .log(
                            "Peer found dead: nothing came for {} ms, no pong either",
                            options.getPeerTimeout().toMillis());
            close(GOING_AWAY, "nothing came for too long, no pong either", CloseCause.PEER_DEAD);
        } else if (!messageCame && isOver(options.getFirstMessageTimeout(), withoutMessageNanos)) {
            connections.meters().noMessageClosed.increment();
            close(
                    POLICY_VIOLATION,
                    "no message came within " + options.getFirstMessageTimeout().toSeconds() + " s; allowed: the first"
                            + " one sooner",
                    CloseCause.IDLE);
        } else if (isOver(options.getIdleTimeout(), silence.noMessageNanos())) {
            connections.meters().idleClosed.increment();
            close(NORMAL, "no message came for too long", CloseCause.IDLE);
        } else if (isOver(options.getSendTimeout(), tookNothingNanos)
                || (isOver(CROWDED_SEND_TIMEOUT, tookNothingNanos) && connections.isCrowded(options))) {
            closeSlowReader();
        } else if (!unsent && isOver(options.getPingInterval(), nowNanos - pingedNanos)) {
            pingedNanos = nowNanos;
            ping();
        }
    }

    private void countTakingNothing(boolean unsent, long passedNanos) {
        long took = tookNanos;
        tookNothingNanos = unsent && took == tookNanosSeen ? tookNothingNanos + passedNanos : 0;
        tookNanosSeen = took;
    }

    private static boolean isOver(Duration time, long passedNanos) {
        return !time.isZero() && passedNanos >= time.toNanos();
    }

    // ---- closing

    private void socketClosed() {
        connections.remove(this);
        synchronized (this) {
            if (closeCode == null) {
                lost = true;
                closeCause = lossCause();
            }
        }
        if (cutTimer != null) {
            context.owner().cancelTimer(cutTimer);
        }
        gone = true;
        framesOfTurn = 0;
        if (resting) {
            cancelRest();
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
            LOG.atInfo().addKeyValue("request_id", key).log("Peer found dead: its host does not answer");
            return CloseCause.PEER_DEAD;
        }
        return socket.closeStatusCode() == null ? CloseCause.PEER_DROPPED : CloseCause.PEER_CLOSED;
    }

    /** As a task of its own, behind the one in which a resumed socket hands out what it held back. */
    private void deliverCloseSoon() {
        int turn = ++closeTurn;
        context.runOnContext(now -> {
            // An earlier turn may come before the socket has handed out what it held back.
            if (turn == closeTurn && current == null && !resting && !closeDelivered) {
                closeDelivered = true;
                process(SocketEvent.CLOSE, null);
            }
        });
    }

    private void describeHandshake(Message message) {
        message.setHeader(SocketHeaders.REMOTE_ADDRESS, handshake.remoteAddress());
        message.setHeader(SocketHeaders.PATH, handshake.path());
        String query = handshake.query();
        if (query != null) {
            message.setHeader(SocketHeaders.QUERY, query);
        }
    }

    private void describeClose(Message message) {
        Integer code;
        String reason;
        synchronized (this) {
            code = closeCode;
            reason = closeReason;
        }
        message.setHeader(SocketHeaders.CLOSE_CAUSE, closeCause());
        if (code == null) {
            Short sent = socket.closeStatusCode();
            code = sent == null ? ABNORMAL : (int) sent;
            reason = socket.closeReason();
        }
        message.setHeader(SocketHeaders.CLOSE_CODE, code);
        if (reason != null && !reason.isEmpty()) {
            message.setHeader(SocketHeaders.CLOSE_REASON, reason);
        }
    }

    /** The viewer is told that what it proved itself with expires soon. */
    void announceExpiry(String message) {
        send(List.of(message), null, null);
    }

    /** What the viewer proved itself with has expired. */
    void expired() {
        connections.meters().expiredClosed.increment();
        LOG.atInfo().addKeyValue("request_id", key).log("Closing the socket of a viewer whose token has expired");
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
        deaf = true;
        cancelRest();
        consumer.stopLookingAt(this, channel.eventLoop());
        // The peer's answer to the close is to be read, whatever the route is doing.
        socket.resume();
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
        if (unsentBytes.get() > options.getWriteQueueBytes()) {
            closeSlowReader();
            return;
        }
        for (Object body : bodies) {
            write(body);
        }
        if (code != null) {
            close(code, reason, CloseCause.ROUTE_CLOSED);
        }
    }

    private void write(Object body) {
        long bytes;
        Future<Void> written;
        if (body instanceof String text) {
            bytes = ByteBufUtil.utf8Bytes(text);
            writing(bytes);
            written = socket.writeTextMessage(text);
        } else {
            byte[] binary = (byte[]) body;
            bytes = binary.length;
            writing(bytes);
            written = socket.writeBinaryMessage(Buffer.buffer(binary));
        }
        written.onComplete(result -> written(result, bytes));
    }

    private void writing(long bytes) {
        if (unsentMessages.getAndIncrement() == 0) {
            tookNanos = System.nanoTime();
        }
        unsentBytes.addAndGet(bytes);
        connections.addUnsent(bytes + BYTES_PER_MESSAGE);
    }

    private void written(AsyncResult<Void> result, long bytes) {
        tookNanos = System.nanoTime();
        unsentMessages.decrementAndGet();
        unsentBytes.addAndGet(-bytes);
        connections.addUnsent(-bytes - BYTES_PER_MESSAGE);
        if (result.failed()) {
            failed(result.cause());
        }
    }

    private boolean takesMore() {
        return unsentMessages.get() == 0 && !connections.isCrowded(options);
    }

    /** What waits for the peer, as {@link WebsocketEndpointOptions#setMaxUnsentBytes} counts it. */
    long unsentInMemory() {
        return unsentBytes.get() + unsentMessages.get() * BYTES_PER_MESSAGE;
    }

    /** When something of it left this process, or the first of it came, as {@link System#nanoTime()}. */
    long tookNanos() {
        return tookNanos;
    }

    /** Closes the socket of a peer that does not read what is sent to it; does nothing if it is closing. */
    private synchronized void closeSlowReader() {
        if (closeCode != null || lost) {
            return;
        }
        connections.meters().slowReadersClosed.increment();
        LOG.atInfo().addKeyValue("request_id", key).log("Closing a slow reader: {} bytes unsent", unsentBytes);
        close(TRY_AGAIN_LATER, "slow reader", CloseCause.SLOW_READER);
    }

    /** The same, and frees at once what waits for the peer. */
    void cutSlowReader() {
        closeSlowReader();
        channel.cut();
    }

    private void ping() {
        writing(0);
        socket.writePing(Buffer.buffer()).onComplete(result -> written(result, 0));
    }
}
