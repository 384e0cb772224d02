package io.rtaa.asr.deepgram;

import io.rtaa.asr.RecognisedSpan;
import io.rtaa.asr.RecogniserConnection;
import io.rtaa.asr.RecogniserFailure;
import io.rtaa.asr.RecogniserFailure.Kind;
import io.rtaa.asr.RecogniserListener;
import io.rtaa.asr.RecogniserRefusal;
import io.rtaa.call.AudioFormat;
import io.rtaa.call.StreamId;
import io.rtaa.routes.LogThrottle;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One websocket to Deepgram, from its handshake (one for each key that is tried) to its close.
 *
 * <pre>
 *     CONNECTING ──101──▶ OPEN ──end──▶ ENDING ──1000──▶ CLOSED
 *         │                │              │                ▲
 *         └────────────────┴──────────────┴── lost, abort ─┘
 * </pre>
 *
 * <p>Thread-safety: what the session calls may come from any thread, one call at a time, and happens on the connection's
 * event loop in order, at once where it comes from there; everything else happens there anyway.
 */
final class DeepgramConnection implements RecogniserConnection {

    private static final Logger LOG = LoggerFactory.getLogger(DeepgramConnection.class);

    /** Bytes that wait for the socket at most, should it be slow but not stuck: more than 10 s at 24 kHz. */
    static final int MAX_UNWRITTEN_BYTES = 512 * 1024;

    private static final String KEEP_ALIVE = "{\"type\":\"KeepAlive\"}";
    private static final String FINALIZE = "{\"type\":\"Finalize\"}";
    private static final String CLOSE_STREAM = "{\"type\":\"CloseStream\"}";

    private enum State {
        CONNECTING,
        OPEN,
        ENDING,
        CLOSED
    }

    /**
     * What all connections of a provider log at most once a minute.
     *
     * @param problems messages in which Deepgram warns or complains
     * @param unreadable messages that cannot be dealt with
     */
    record Throttles(LogThrottle problems, LogThrottle unreadable) {
        Throttles() {
            this(new LogThrottle(), new LogThrottle());
        }
    }

    /** What is known of an open socket. */
    private record Socket(
            WebSocket webSocket,
            DeepgramFailures failures,
            @Nullable String requestId,
            long timerId) {}

    private final Vertx vertx;
    private final Context context;

    /** What was handed to the event loop and has not been done there: nothing may overtake it. */
    private final AtomicInteger handedOver = new AtomicInteger();

    private final WebSocketClient client;
    private final DeepgramTransport transport;
    private final DeepgramKeys keys;
    private final KeyTrials trials;
    private final DeepgramOptions asked;
    private final DeepgramMessageReader reader;
    private final DeepgramMeters meters;
    private final Throttles throttles;
    private final StreamId stream;
    private final String uri;
    private final RecogniserListener listener;
    private final UtteranceRules utterances;
    private final Set<DeepgramKeys.Key> triedKeys = new HashSet<>();

    private State state = State.CONNECTING;
    private @Nullable Socket socket;
    /** When each message that is not yet in the socket was written, oldest first. */
    private final Deque<Long> unwrittenSinceNanos = new ArrayDeque<>();

    private int unwrittenBytes;
    private long lastSentNanos;
    private long endedNanos;
    private volatile boolean aborted;

    DeepgramConnection(
            Vertx vertx,
            Context context,
            WebSocketClient client,
            DeepgramTransport transport,
            DeepgramKeys keys,
            KeyTrials trials,
            DeepgramOptions asked,
            DeepgramMessageReader reader,
            DeepgramMeters meters,
            Throttles throttles,
            StreamId stream,
            String uri,
            RecogniserListener listener) {
        this.vertx = vertx;
        this.context = context;
        this.client = client;
        this.transport = transport;
        this.keys = keys;
        this.trials = trials;
        this.asked = asked;
        this.reader = reader;
        this.meters = meters;
        this.throttles = throttles;
        this.stream = stream;
        this.uri = uri;
        this.listener = listener;
        this.utterances = new UtteranceRules(listener);
    }

    void connect() {
        onLoop(() -> {
            if (keys.isRefreshDue()) {
                refreshKeys();
            } else {
                tryNextKey();
            }
        });
    }

    @Override
    public void send(byte[] pcm) {
        onLoop(() -> onSend(pcm));
    }

    @Override
    public void flush() {
        onLoop(() -> {
            if (state == State.OPEN) {
                writeText(FINALIZE);
            }
        });
    }

    @Override
    public void end() {
        onLoop(() -> {
            if (state == State.OPEN) {
                state = State.ENDING;
                endedNanos = System.nanoTime();
                writeText(CLOSE_STREAM);
            }
        });
    }

    @Override
    public void abort() {
        aborted = true;
        onLoop(this::close);
    }

    private void onLoop(Runnable task) {
        if (handedOver.get() == 0 && Vertx.currentContext() == context) {
            task.run();
            return;
        }
        handedOver.incrementAndGet();
        context.runOnContext(ignored -> {
            try {
                task.run();
            } finally {
                handedOver.decrementAndGet();
            }
        });
    }

    // ---------------------------------------------------------------- handshake

    private void refreshKeys() {
        CompletableFuture<Void> unused = keys.refreshSoon().thenRun(() -> context.runOnContext(read -> tryNextKey()));
    }

    private void tryNextKey() {
        if (state == State.CLOSED) {
            return;
        }
        KeyTrials.Trial trial = trials.next(triedKeys, asked);
        if (trial == null) {
            RecogniserRefusal refusal = trials.refusal(asked);
            fail(new RecogniserFailure(
                    Kind.PROVIDER_REFUSES,
                    "key_refused",
                    refusal == null ? "no API key is left to try" : refusal.reason()));
            return;
        }
        triedKeys.add(trial.key());
        ClientWebSocket fresh = client.webSocket();
        fresh.textMessageHandler(this::onMessage);
        fresh.closeHandler(ignored -> onSocketClosed());
        fresh.exceptionHandler(this::onSocketFault);
        fresh.connect(transport
                        .connectOptions(uri)
                        .addHeader("Authorization", trial.key().authorization()))
                .onComplete(done -> {
                    if (done.succeeded()) {
                        trial.accepted();
                        onOpen(done.result(), new DeepgramFailures(trial.key()));
                    } else {
                        onRefused(trial, done.cause());
                    }
                });
    }

    private void onRefused(KeyTrials.Trial trial, Throwable cause) {
        HandshakeResult result = DeepgramFailures.result(cause);
        meters.handshakes(result).increment();
        DeepgramFailures failures = new DeepgramFailures(trial.key());
        RecogniserFailure failure = failures.ofHandshake(cause);
        boolean isNews = false;
        if (result == HandshakeResult.KEY_REFUSED) {
            isNews = trial.refused(DeepgramFailures.isWholeKeyRefused(cause), failure.reason());
        } else {
            trial.failed();
        }
        if (state == State.CLOSED) {
            return;
        }
        // Every call meets the same refusal, and what is no key's fault is logged where the call loses its recogniser.
        event(LOG.atLevel(isNews ? Level.WARN : Level.DEBUG), failures.requestId(cause))
                .log("{}: {}", trial.key(), failure.reason());
        if (result != HandshakeResult.KEY_REFUSED) {
            fail(failure);
        } else if (keys.isFromFile()) {
            refreshKeys();
        } else {
            tryNextKey();
        }
    }

    private void onOpen(WebSocket webSocket, DeepgramFailures failures) {
        meters.handshakes(HandshakeResult.ACCEPTED).increment();
        if (state == State.CLOSED || aborted) {
            drop(webSocket);
            return;
        }
        String requestId = failures.printable(webSocket.headers().get(DeepgramFailures.REQUEST_ID_HEADER));
        state = State.OPEN;
        lastSentNanos = System.nanoTime();
        socket = new Socket(
                webSocket, failures, requestId, vertx.setPeriodic(tickMillis(), ignored -> onTick(webSocket)));
        event(LOG.atDebug(), requestId).log("deepgram connection open");
        listener.opened();
    }

    // ---------------------------------------------------------------- to Deepgram

    private void onSend(byte[] pcm) {
        Socket open = socket;
        // An empty frame would end the stream, so it is never sent, whoever asks for it.
        if (state != State.OPEN || open == null || pcm.length == 0) {
            return;
        }
        if (pcm.length % AudioFormat.BYTES_PER_SAMPLE != 0) {
            fail(new RecogniserFailure(
                    Kind.STREAM_REFUSED,
                    "audio_refused",
                    "audio of " + pcm.length + " bytes; allowed: whole samples of 2 bytes"));
            return;
        }
        // Buffer.buffer copies: the socket masks what it sends in place.
        written(open.webSocket().writeBinaryMessage(Buffer.buffer(pcm)), pcm.length);
    }

    private void writeText(String text) {
        if (socket != null) {
            written(socket.webSocket().writeTextMessage(text), text.length());
        }
    }

    private void written(Future<Void> write, int bytes) {
        lastSentNanos = System.nanoTime();
        unwrittenSinceNanos.addLast(lastSentNanos);
        unwrittenBytes += bytes;
        write.onComplete(done -> {
            unwrittenSinceNanos.pollFirst();
            unwrittenBytes -= bytes;
        });
        if (unwrittenBytes > MAX_UNWRITTEN_BYTES) {
            failSlow("more than " + MAX_UNWRITTEN_BYTES + " bytes wait to be sent");
        }
    }

    /** Looks at the clock; a failed write needs no look, as the socket closes with it. */
    private void onTick(WebSocket ticking) {
        long now = System.nanoTime();
        Long oldest = unwrittenSinceNanos.peekFirst();
        if (oldest != null && isOver(transport.sendTimeout(), oldest, now)) {
            failSlow("nothing could be sent for " + transport.sendTimeout().toMillis() + " ms");
        } else if (state == State.ENDING && isOver(transport.drainTimeout(), endedNanos, now)) {
            fail(new RecogniserFailure(
                    Kind.RETRYABLE,
                    "not_finished",
                    "Deepgram did not finish within " + transport.drainTimeout().toMillis() + " ms of the end"));
        } else if (state == State.OPEN && isOver(transport.keepAliveAfter(), lastSentNanos, now)) {
            written(ticking.writeTextMessage(KEEP_ALIVE), KEEP_ALIVE.length());
        }
    }

    private void failSlow(String what) {
        fail(new RecogniserFailure(Kind.RETRYABLE, "stalled", "Deepgram does not take the audio: " + what));
    }

    private long tickMillis() {
        long shortest = Math.min(
                transport.keepAliveAfter().toMillis(),
                Math.min(
                        transport.sendTimeout().toMillis(),
                        transport.drainTimeout().toMillis()));
        return Math.max(1, shortest / 4);
    }

    private static boolean isOver(Duration wait, long sinceNanos, long nowNanos) {
        return nowNanos - sinceNanos >= wait.toNanos();
    }

    // ---------------------------------------------------------------- from Deepgram

    /** A message that cannot be dealt with loses the connection: passed over, its words would be lost without a gap. */
    private void onMessage(String text) {
        try {
            onText(text);
        } catch (RuntimeException | Error e) {
            event(throttles.unreadable().atLevel(LOG, Level.ERROR), requestId())
                    .setCause(e)
                    .log("A message from Deepgram could not be dealt with");
            fail(new RecogniserFailure(
                    Kind.RETRYABLE, "unreadable", "a message from Deepgram could not be dealt with"));
        }
    }

    private void onText(String text) {
        if (state == State.CLOSED || aborted) {
            return;
        }
        DeepgramMessage message = reader.read(text);
        if (message instanceof DeepgramMessage.Results results) {
            RecognisedSpan span = results.span().inLanguageOr(asked.askedLanguage());
            if (results.isFinal()) {
                utterances.onFinal(span);
            } else {
                listener.partial(span);
            }
        } else if (message.endsUtterance()) {
            utterances.onEnd();
        } else {
            note(message);
            listener.alive();
        }
    }

    private void note(DeepgramMessage message) {
        if (message instanceof DeepgramMessage.Unknown) {
            meters.unknownMessages.increment();
        } else if (message instanceof DeepgramMessage.Malformed) {
            meters.malformedMessages.increment();
        } else if (message instanceof DeepgramMessage.Problem problem && socket != null) {
            event(throttles.problems().atLevel(LOG, Level.WARN), socket.requestId())
                    .log("deepgram {}: {}", problem.type(), socket.failures().printable(problem.text()));
        }
    }

    /**
     * Most of what goes wrong on a socket ends in its close handler. Not so a message that is too big: Vert.x leaves it out and
     * goes on, and a final that is left out would be words lost without a gap.
     */
    private void onSocketFault(Throwable fault) {
        if (fault instanceof IllegalStateException) {
            fail(new RecogniserFailure(
                    Kind.RETRYABLE,
                    "unreadable",
                    "Deepgram sent what cannot be read, a message of more than " + DeepgramProvider.MAX_MESSAGE_BYTES
                            + " bytes perhaps"));
        } else {
            LOG.atDebug()
                    .addKeyValue("interaction_id", stream.interactionId())
                    .log("on the connection to deepgram: {}", fault.getClass().getSimpleName());
        }
    }

    private void onSocketClosed() {
        Socket was = socket;
        if (state == State.CLOSED || was == null) {
            return;
        }
        Short code = was.webSocket().closeStatusCode();
        if (state == State.ENDING && code != null && code == 1000) {
            close();
            tellClosed(null);
        } else {
            fail(was.failures().ofClose(code, was.webSocket().closeReason()));
        }
    }

    // ---------------------------------------------------------------- the end

    private void fail(RecogniserFailure failure) {
        if (state == State.CLOSED) {
            return;
        }
        if (socket != null) {
            event(LOG.atDebug(), socket.requestId()).log("deepgram connection lost: {}", failure.reason());
        }
        close();
        tellClosed(failure);
    }

    private void tellClosed(@Nullable RecogniserFailure failure) {
        if (!aborted) {
            listener.closed(failure);
        }
    }

    private void close() {
        state = State.CLOSED;
        Socket was = socket;
        socket = null;
        if (was != null) {
            vertx.cancelTimer(was.timerId());
            drop(was.webSocket());
        }
    }

    /**
     * Closes the socket. The client cuts the TCP connection of a peer that does not answer, or does not read
     * ({@link DeepgramProvider}).
     */
    private static void drop(WebSocket webSocket) {
        if (!webSocket.isClosed()) {
            webSocket.close();
        }
    }

    private @Nullable String requestId() {
        return socket == null ? null : socket.requestId();
    }

    private LoggingEventBuilder event(LoggingEventBuilder builder, @Nullable String requestId) {
        return builder.addKeyValue("interaction_id", stream.interactionId())
                .addKeyValue("tenant_id", stream.tenantId())
                .addKeyValue("deepgram_request_id", requestId);
    }
}
