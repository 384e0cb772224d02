package io.rtaa.testsupport.deepgram;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A server that speaks the protocol of <a
 * href="https://developers.deepgram.com/reference/speech-to-text/listen-streaming">Deepgram's live service</a> (read July
 * 2026): says nothing until audio comes, hears the words of {@link SpokenAudio}, cuts finals at random places and shifts
 * word times, differently on each connection, and does wrong what it is told to. What a client does wrong it notes as a
 * breach.
 *
 * <p>Thread-safety: safe.
 */
public final class DeepgramStandIn implements AutoCloseable {

    private static final String PATH = "/v1/listen";
    private static final String TOKEN = "Token ";
    private static final int START_TIMEOUT_SECONDS = 30;

    /** Breaches, handshakes and connections that are kept to be asked for; a load test has far more. */
    private static final int MOST_REMEMBERED = 2000;

    /**
     * How the stand-in is.
     *
     * @param server port, host and, where wanted, TLS
     * @param seed of its dice; each connection has dice of its own, by its number
     * @param nanoTime the clock for pace and idleness, in the manner of {@link System#nanoTime}
     * @param idleTimeout a connection without a frame for so long is closed with NET-0001
     * @param quirks what it does now and then
     * @param hearsAnything whether it takes any loud sound for words instead of {@link SpokenAudio}
     */
    public record Config(
            HttpServerOptions server,
            long seed,
            LongSupplier nanoTime,
            Duration idleTimeout,
            Quirks quirks,
            boolean hearsAnything) {

        /** What the service itself allows. */
        public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofSeconds(10);

        /** On a free port of this machine, with some quirks. */
        public static Config standard() {
            return new Config(
                    new HttpServerOptions().setHost("127.0.0.1").setPort(0),
                    1,
                    System::nanoTime,
                    DEFAULT_IDLE_TIMEOUT,
                    Quirks.SOME,
                    false);
        }

        public Config withServer(HttpServerOptions options) {
            return new Config(options, seed, nanoTime, idleTimeout, quirks, hearsAnything);
        }

        public Config withSeed(long newSeed) {
            return new Config(server, newSeed, nanoTime, idleTimeout, quirks, hearsAnything);
        }

        public Config withNanoTime(LongSupplier clock) {
            return new Config(server, seed, clock, idleTimeout, quirks, hearsAnything);
        }

        public Config withIdleTimeout(Duration timeout) {
            return new Config(server, seed, nanoTime, timeout, quirks, hearsAnything);
        }

        public Config withQuirks(Quirks newQuirks) {
            return new Config(server, seed, nanoTime, idleTimeout, newQuirks, hearsAnything);
        }

        public Config withHearsAnything(boolean anything) {
            return new Config(server, seed, nanoTime, idleTimeout, quirks, anything);
        }
    }

    /**
     * A handshake that was answered.
     *
     * @param key the API key it came with; null where it had none
     * @param query its parameters
     * @param status the answer: 101 or a refusal
     */
    public record Attempt(@Nullable String key, MultiMap query, int status) {}

    private final Vertx vertx;
    private final Config config;
    private final HttpServer server;
    private final @Nullable Supplier<Transcriber> transcribers;
    private final Queue<Fault> next = new ConcurrentLinkedQueue<>();
    private final List<Fault> standing = new CopyOnWriteArrayList<>();
    private final List<String> breaches = new CopyOnWriteArrayList<>();
    private final List<Attempt> attempts = new CopyOnWriteArrayList<>();
    private final List<StandInConnection> connections = new CopyOnWriteArrayList<>();
    private volatile @Nullable Set<String> keys;
    private volatile Set<String> forbiddenModels = Set.of();

    /** @param transcribers null for the words that the config says */
    private DeepgramStandIn(Vertx vertx, Config config, @Nullable Supplier<Transcriber> transcribers) {
        this.vertx = vertx;
        this.config = config;
        this.transcribers = transcribers;
        this.server = vertx.createHttpServer(config.server());
    }

    /** Starts one as {@link Config#standard} has it. */
    public static DeepgramStandIn start(Vertx vertx) {
        return start(vertx, Config.standard());
    }

    /** Starts one and waits until it listens. */
    public static DeepgramStandIn start(Vertx vertx, Config config) {
        try {
            return new DeepgramStandIn(vertx, config, null)
                    .listen()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(START_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the stand-in does not start", e);
        }
    }

    /**
     * Starts one with transcribers of the caller's, on the caller's event loop; several may share a port.
     *
     * @param transcribers makes the transcriber of each connection, in place of what the config says of words
     */
    public static Future<DeepgramStandIn> listen(Vertx vertx, Config config, Supplier<Transcriber> transcribers) {
        return new DeepgramStandIn(vertx, config, transcribers).listen();
    }

    private Future<DeepgramStandIn> listen() {
        return server.requestHandler(this::onRequest).listen().map(this);
    }

    /** The base URL for a client. */
    public URI url() {
        String scheme = config.server().isSsl() ? "wss" : "ws";
        return URI.create(scheme + "://" + config.server().getHost() + ":" + server.actualPort());
    }

    /** Takes these keys only; any other gets a 401. */
    public void acceptOnly(String... accepted) {
        keys = Set.of(accepted);
    }

    /** Refuses these models to every key, with a 403. */
    public void forbidModels(String... models) {
        forbiddenModels = Set.of(models);
    }

    /** The next handshakes get a fault each, in this order; once they are used up, all is well again. */
    public void nextConnections(Fault... faults) {
        next.addAll(List.of(faults));
    }

    /** Every handshake gets the fault until the return value is closed. */
    public Ongoing during(Fault fault) {
        standing.add(fault);
        return () -> standing.remove(fault);
    }

    /** Something that goes on until it is closed. */
    @FunctionalInterface
    public interface Ongoing extends AutoCloseable {
        @Override
        void close();
    }

    /** The fault strikes every connection that is open now. */
    public void hitLive(Fault fault) {
        for (StandInConnection connection : connections) {
            if (!connection.isClosed()) {
                connection.hit(fault);
            }
        }
    }

    /** What clients did wrong. */
    public List<String> breaches() {
        return List.copyOf(breaches);
    }

    /** @throws AssertionError that tells every breach, if there was one */
    public void assertNoBreach() {
        if (!breaches.isEmpty()) {
            throw new AssertionError("the protocol was broken: " + String.join("; ", breaches));
        }
    }

    /** The handshakes answered so far, in order, the last 2000 of them. */
    public List<Attempt> attempts() {
        return List.copyOf(attempts);
    }

    /** The connections accepted so far, in order; from 2000 on without those that are closed. */
    public List<StandInConnection> connections() {
        return List.copyOf(connections);
    }

    @Override
    public void close() {
        server.close();
    }

    private void onRequest(HttpServerRequest request) {
        List<Fault> faults = new ArrayList<>(standing);
        Fault nextFault = next.poll();
        if (nextFault != null) {
            faults.add(nextFault);
        }
        if (faults.stream().anyMatch(Fault.Stall.class::isInstance)) {
            return;
        }
        String authorization = request.getHeader("Authorization");
        String key = authorization != null && authorization.startsWith(TOKEN)
                ? authorization.substring(TOKEN.length())
                : null;
        Fault.Refuse refusal = refusal(request, key, faults);
        if (attempts.size() >= MOST_REMEMBERED) {
            attempts.remove(0);
        }
        attempts.add(new Attempt(key, request.params(), refusal == null ? 101 : refusal.status()));
        if (refusal != null) {
            refuse(request.response(), refusal);
        } else {
            accept(request, faults);
        }
    }

    private Fault.@Nullable Refuse refusal(HttpServerRequest request, @Nullable String key, List<Fault> faults) {
        for (Fault fault : faults) {
            if (fault instanceof Fault.Refuse refuse) {
                return refuse;
            }
        }
        if (!request.path().equals(PATH)) {
            note("the path is " + request.path() + ", not " + PATH);
            return (Fault.Refuse) Fault.refuse(404);
        }
        Set<String> accepted = keys;
        if (key == null || key.isBlank()) {
            note("no API key in the header Authorization");
            return (Fault.Refuse) Fault.refuse(401);
        }
        if (accepted != null && !accepted.contains(key)) {
            return (Fault.Refuse) Fault.refuse(401);
        }
        if (forbiddenModels.contains(String.valueOf(request.getParam("model")))) {
            return (Fault.Refuse) Fault.refuse(403);
        }
        List<String> queryFaults = ListenQuery.read(request.params()).faults();
        if (!queryFaults.isEmpty()) {
            queryFaults.forEach(this::note);
            return new Fault.Refuse(400, "Bad Request", String.join("; ", queryFaults));
        }
        return null;
    }

    private static void refuse(HttpServerResponse response, Fault.Refuse refusal) {
        String requestId = UUID.randomUUID().toString();
        response.setStatusCode(refusal.status())
                .putHeader("dg-error", refusal.message())
                .putHeader("dg-request-id", requestId)
                .putHeader("Content-Type", "application/json")
                .end(new JsonObject()
                        .put("err_code", refusal.errCode())
                        .put("err_msg", refusal.message())
                        .put("request_id", requestId)
                        .encode());
    }

    private void accept(HttpServerRequest request, List<Fault> faults) {
        String requestId = UUID.randomUUID().toString();
        request.response().putHeader("dg-request-id", requestId);
        ListenQuery query = ListenQuery.read(request.params());
        // The client's time begins when it hears that it may send, which is after this and may be before onOpen.
        long acceptedNanos = config.nanoTime().getAsLong();
        request.toWebSocket().onSuccess(socket -> onOpen(socket, query, requestId, acceptedNanos, faults));
    }

    private void onOpen(
            ServerWebSocket socket, ListenQuery query, String requestId, long acceptedNanos, List<Fault> faults) {
        Transcriber transcriber = transcribers == null ? words(query, requestId) : transcribers.get();
        if (connections.size() >= MOST_REMEMBERED) {
            connections.removeIf(StandInConnection::isClosed);
        }
        connections.add(new StandInConnection(
                vertx,
                socket,
                transcriber,
                query.sampleRate(),
                config.nanoTime(),
                config.idleTimeout(),
                acceptedNanos,
                faults,
                this::note));
    }

    private void note(String breach) {
        if (breaches.size() < MOST_REMEMBERED) {
            breaches.add(breach);
        }
    }

    private Transcriber words(ListenQuery query, String requestId) {
        Ear ear = config.hearsAnything() ? new Ear.Loudness(query.sampleRate()) : new Ear.Marked(query.sampleRate());
        Random dice = new Random(config.seed() * 1_000_003 + connections.size());
        return new WordTranscriber(query, ear, dice, config.quirks(), requestId);
    }
}
