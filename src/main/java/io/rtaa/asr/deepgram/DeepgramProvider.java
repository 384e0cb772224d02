package io.rtaa.asr.deepgram;

import io.micrometer.core.instrument.MeterRegistry;
import io.rtaa.asr.RecogniserConnection;
import io.rtaa.asr.RecogniserListener;
import io.rtaa.asr.RecogniserProvider;
import io.rtaa.asr.RecogniserRefusal;
import io.rtaa.asr.RecogniserRequest;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recogniser {@code deepgram}: a websocket to Deepgram's live service for each connection. Certificates and host names
 * are checked as the JVM's trust store says.
 *
 * <p>Thread-safety: safe; a call costs no thread. A connection runs on the event loop that opened it; where none did, on
 * the next of them in turn.
 */
public final class DeepgramProvider implements RecogniserProvider, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeepgramProvider.class);

    /** The provider's name. */
    public static final String NAME = "deepgram";

    /** The most Deepgram takes, as a factor of real time. */
    public static final double MAX_PACE = 1.25;

    /** A message of Deepgram's with more bytes loses the connection; a minute of words has a tenth of it. */
    static final int MAX_MESSAGE_BYTES = 1024 * 1024;

    /**
     * Small enough that a peer which stops reading is noticed: at 8 kHz the kernel swallows about 8 s of audio, where its
     * own choice would take minutes.
     */
    static final int SEND_BUFFER_BYTES = 64 * 1024;

    /** How long a closing handshake may take, seconds. */
    private static final int CLOSING_TIMEOUT_SECONDS = 2;

    private final Vertx vertx;
    private final EventLoops eventLoops;
    private final WebSocketClient client;
    private final DeepgramTransport transport;
    private final DeepgramOptions options;
    private final DeepgramKeys keys;
    private final KeyTrials trials;
    private final DeepgramMessageReader reader;
    private final DeepgramMeters meters;
    private final DeepgramConnection.Throttles throttles;

    /**
     * @param vertx is not closed with this provider
     * @param registry gets what is measured
     * @param transport where Deepgram is
     * @param options what is asked of it
     * @param keys the API keys
     */
    public DeepgramProvider(
            Vertx vertx,
            MeterRegistry registry,
            DeepgramTransport transport,
            DeepgramOptions options,
            DeepgramKeys keys) {
        this(vertx, registry, transport, options, keys, (HttpProxy) null);
    }

    /** @param proxy the HTTP proxy on the way to Deepgram; null for none */
    public DeepgramProvider(
            Vertx vertx,
            MeterRegistry registry,
            DeepgramTransport transport,
            DeepgramOptions options,
            DeepgramKeys keys,
            @Nullable HttpProxy proxy) {
        this(
                vertx,
                registry,
                transport,
                options,
                keys,
                new WebSocketClientOptions().setProxyOptions(proxy == null ? null : proxy.options()));
    }

    /** @param base a proxy, or whom to trust beyond what the JVM does */
    DeepgramProvider(
            Vertx vertx,
            MeterRegistry registry,
            DeepgramTransport transport,
            DeepgramOptions options,
            DeepgramKeys keys,
            WebSocketClientOptions base) {
        this.vertx = vertx;
        this.eventLoops = new EventLoops(vertx);
        this.transport = transport;
        this.options = options;
        options.warnings().values().forEach(LOG::warn);
        this.keys = keys;
        this.trials = new KeyTrials(keys, transport.coolDown(), transport.maxCoolDown());
        this.meters = new DeepgramMeters(registry, trials);
        this.reader = new DeepgramMessageReader(meters.unknownFields);
        this.throttles = new DeepgramConnection.Throttles();
        this.client = vertx.createWebSocketClient(new WebSocketClientOptions(base)
                // How many there are at once is decided above the provider; the default of 50 would hold calls up.
                .setMaxConnections(Integer.MAX_VALUE)
                .setConnectTimeout((int) transport.connectTimeout().toMillis())
                .setVerifyHost(true)
                .setTrustAll(false)
                .setMaxFrameSize(MAX_MESSAGE_BYTES)
                .setMaxMessageSize(MAX_MESSAGE_BYTES)
                .setSendBufferSize(SEND_BUFFER_BYTES)
                .setClosingTimeout(CLOSING_TIMEOUT_SECONDS)
                // A close waits behind what a stuck socket does not take, so without this it would stay open.
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setWriteIdleTimeout(
                        (int) Math.min(Integer.MAX_VALUE, transport.stuckAfter().toMillis())));
        // Vert.x 4.5 never cancels the timer of a handshake whose id is 0, the first timer of all, and so cuts a
        // connection that is well under way: somebody else takes that id.
        vertx.cancelTimer(vertx.setTimer(1, ignored -> {}));
    }

    private DeepgramProvider(DeepgramProvider like, DeepgramOptions options) {
        this.vertx = like.vertx;
        this.eventLoops = like.eventLoops;
        this.client = like.client;
        this.transport = like.transport;
        this.options = options;
        this.keys = like.keys;
        this.trials = like.trials;
        this.reader = like.reader;
        this.meters = like.meters;
        this.throttles = like.throttles;
    }

    /**
     * A provider that asks for something else, over the same client, with the same keys, their cool-downs and meters.
     */
    public DeepgramProvider withOptions(DeepgramOptions other) {
        return new DeepgramProvider(this, other);
    }

    /** {@link #withOptions} of parameters by Deepgram's names; see {@link DeepgramOptions#with}. */
    @Override
    public DeepgramProvider withParameters(Map<String, String> parameters) {
        DeepgramOptions asked = options.with(parameters);
        Map<String, String> warnings = asked.warnings();
        // This provider has warned of those that it asks for itself.
        warnings.keySet().retainAll(parameters.keySet());
        warnings.values().forEach(LOG::warn);
        return withOptions(asked);
    }

    /** What is asked of Deepgram. */
    public DeepgramOptions options() {
        return options;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public double maxPace() {
        return MAX_PACE;
    }

    @Override
    public @Nullable RecogniserRefusal refusal() {
        return trials.refusal(options);
    }

    @Override
    public RecogniserConnection open(RecogniserRequest request, RecogniserListener listener) {
        String uri = transport.uri(options.query(request.call().sampleRate()));
        DeepgramConnection connection = new DeepgramConnection(
                vertx,
                // A call whose socket is on an event loop of this process stays on that loop: to wake another thread
                // for each window costs more than all the rest of the window's way.
                eventLoops.currentOrNext(),
                client,
                transport,
                keys,
                trials,
                options,
                reader,
                meters,
                throttles,
                request.call().stream(),
                uri,
                listener);
        connection.connect();
        return connection;
    }

    /** Closes the client and with it every connection, those of {@link #withOptions} included. */
    @Override
    public void close() {
        client.close();
        eventLoops.close();
    }
}
