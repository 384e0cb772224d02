package io.rtaa.edge.listener;

import io.rtaa.call.RequestId;
import io.rtaa.edge.limits.ClientLimits;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.ext.web.Router;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one HTTP listener that faces the public: a port served by several event loops, and a router on which the websocket
 * endpoints and any plain HTTP handlers are mounted. It needs no Camel route.
 *
 * <p>The listener does not own its {@link Vertx}: whoever made it closes it, after {@link #stop()}.
 *
 * <p>Thread-safety: any thread, except that {@link #start()} and {@link #stop()} block and so must not be called on an
 * event loop.
 */
public final class PublicListener {

    private static final Logger LOG = LoggerFactory.getLogger(PublicListener.class);

    private static final Pattern MALFORMED_ESCAPE = Pattern.compile("%(?![0-9a-fA-F]{2})");

    /** Prefixes that are remembered at a time: one a proxy in front, and few proxies have several. */
    public static final int MAX_PREFIXES = 16;

    private static final Set<String> TLS_VERSIONS = new LinkedHashSet<>(List.of("TLSv1.3", "TLSv1.2"));

    private static final Pattern CIPHER_SUITE =
            Pattern.compile("TLS_(?:AES|CHACHA20)_.*|TLS_ECDHE_.*_(?:GCM|CHACHA20_POLY1305)_.*");

    /** What a request's body may have: the largest that a route reads is a form of one field. */
    static final int MAX_BODY_BYTES = 64 * 1024;

    /** Seconds that binding and unbinding may take; both are local and take milliseconds. */
    private static final int BIND_SECONDS = 30;

    /** The name of the map, shared by all listeners of one Vert.x, of the addresses they hold. */
    private static final String ADDRESSES = "io.rtaa.edge.listener.addresses";

    /** Vert.x gives all servers that ask for the same negative port one and the same free port. */
    private static final AtomicInteger NEXT_SHARED_PORT = new AtomicInteger();

    private final Vertx vertx;
    private final PublicListenerOptions options;
    private final Router router;
    private final PrefixFinder prefixes;
    private final SchemeFinder schemes;
    /**
     * The routers that know a prefix, by prefix, those used last; the same routes are below each. A proxy may pass on what
     * clients say, so a prefix that is forgotten is made again: no client uses up those of others.
     */
    private final Map<String, Router> prefixed = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Router> eldest) {
            return size() > MAX_PREFIXES;
        }
    };

    /** How many prefixes the log has told of. */
    private int prefixesLogged;

    private ClientLimits limits = ClientLimits.none();
    private @Nullable String deployment;
    private volatile int actualPort;
    /** The certificate in use; null for plain HTTP. */
    private volatile @Nullable X509KeyManager certificate;

    private volatile Runnable handshakeFailed = () -> {};

    /** A listener at whose paths nothing stands before those of its routes. */
    public PublicListener(Vertx vertx, PublicListenerOptions options) {
        this(vertx, options, (path, remoteAddress, forwarded) -> Optional.empty(), (remoteAddress, forwarded) -> false);
    }

    /**
     * @param prefixes what stands before the path of a route in a request's path: begins with a slash and does not
     *     end with one; any event loop asks
     * @param schemes whether a proxy took a request by TLS; any event loop asks
     */
    public PublicListener(Vertx vertx, PublicListenerOptions options, PrefixFinder prefixes, SchemeFinder schemes) {
        this.vertx = vertx;
        this.options = options;
        this.prefixes = prefixes;
        this.schemes = schemes;
        this.router = Router.router(vertx);
    }

    public Vertx vertx() {
        return vertx;
    }

    public PublicListenerOptions options() {
        return options;
    }

    /** Where plain HTTP handlers are mounted; websocket endpoints come before whatever is mounted here. */
    public Router router() {
        return router;
    }

    /** How much one address may have; to be set before {@link #start()}. There are no limits unless set. */
    public synchronized void limit(ClientLimits clientLimits) {
        if (deployment != null) {
            throw new IllegalStateException("the listener on " + address() + " runs already");
        }
        limits = clientLimits;
    }

    /**
     * Has the listener speak TLS only; to be called before {@link #start()}.
     *
     * @param certificate proves who the listener is; asked in each handshake, on an event loop
     * @param handshakeFailed called for each TLS handshake that fails, on an event loop
     */
    public synchronized void useTls(X509KeyManager certificate, Runnable handshakeFailed) {
        if (deployment != null) {
            throw new IllegalStateException("the listener on " + address() + " runs already");
        }
        this.certificate = certificate;
        this.handshakeFailed = handshakeFailed;
    }

    /** Whether the listener speaks TLS. */
    public boolean isTls() {
        return certificate != null;
    }

    /**
     * Binds the port and returns once it is bound; does nothing if it is bound already.
     *
     * @throws ListenException if the address cannot be bound; the message names host and port
     */
    public synchronized void start() {
        if (deployment != null) {
            return;
        }
        // Servers of one Vert.x share a port in silence, so that a second listener there would take half the
        // connections.
        LocalMap<String, Boolean> addresses = vertx.sharedData().getLocalMap(ADDRESSES);
        if (options.port() > 0 && addresses.putIfAbsent(address(), true) != null) {
            throw new ListenException(options.host(), options.port(), "another listener of this process does", null);
        }
        int port = options.port() > 0 ? options.port() : NEXT_SHARED_PORT.decrementAndGet();
        try {
            deployment = await(vertx.deployVerticle(
                    () -> new Server(port), new DeploymentOptions().setInstances(options.eventLoops())));
        } catch (ExecutionException | TimeoutException e) {
            addresses.remove(address());
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new ListenException(options.host(), options.port(), String.valueOf(cause.getMessage()), cause);
        }
        LOG.atInfo()
                .addKeyValue("tls", certificate != null)
                .log("Listening on {}:{} with {} event loops", options.host(), actualPort, options.eventLoops());
    }

    /**
     * The port that is bound, also where the options left it open.
     *
     * @throws IllegalStateException if the listener is not running
     */
    public int actualPort() {
        int port = actualPort;
        if (port == 0) {
            throw new IllegalStateException("the listener on " + address() + " is not running");
        }
        return port;
    }

    /** Closes the port and every connection on it, and returns once that is done; does nothing if it is closed already. */
    public synchronized void stop() {
        String running = deployment;
        if (running == null) {
            return;
        }
        deployment = null;
        actualPort = 0;
        try {
            await(vertx.undeploy(running));
        } catch (ExecutionException | TimeoutException e) {
            LOG.atWarn().setCause(e).log("The listener on {} did not stop cleanly", address());
        }
        vertx.sharedData().<String, Boolean>getLocalMap(ADDRESSES).remove(address());
    }

    private String address() {
        return options.host() + ":" + options.port();
    }

    private static <T> T await(Future<T> future) throws ExecutionException, TimeoutException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(BIND_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExecutionException("interrupted", e);
        }
    }

    /** The address of the peer that opened a request's connection, without its port; "unknown" where the peer has left. */
    public static String remoteAddress(HttpServerRequest request) {
        String address = request.remoteAddress().hostAddress();
        return address == null ? "unknown" : address;
    }

    private static String address(HttpConnection connection) {
        SocketAddress remote = connection.remoteAddress();
        String address = remote == null ? null : remote.hostAddress();
        return address == null ? "unknown" : address;
    }

    private Router routerOf(HttpServerRequest request) {
        Optional<String> prefix = prefixes.find(
                request.path(), remoteAddress(request), request.headers().getAll("x-forwarded-prefix"));
        return prefix.map(this::below).orElse(router);
    }

    /** Its lock is none that a start or stop holds: those wait for event loops, and this runs on one. */
    private Router below(String prefix) {
        synchronized (prefixed) {
            Router known = prefixed.get(prefix);
            if (known != null) {
                return known;
            }
            Router below = Router.router(vertx);
            below.route(prefix + "*").subRouter(router);
            prefixed.put(prefix, below);
            logNew(prefix);
            return below;
        }
    }

    private void logNew(String prefix) {
        if (prefixesLogged < MAX_PREFIXES) {
            LOG.atInfo().log("A proxy leaves the prefix {} in the paths of requests; it is taken off", prefix);
        } else if (prefixesLogged == MAX_PREFIXES) {
            LOG.warn(
                    "Proxies name more than {} prefixes, such as {}; further ones are taken off without a line. A proxy in"
                            + " TRUSTED_PROXIES is to set X-Forwarded-Prefix itself, and not pass on that of clients",
                    MAX_PREFIXES,
                    prefix);
        }
        if (prefixesLogged <= MAX_PREFIXES) {
            prefixesLogged++;
        }
    }

    /**
     * Whether a proxy in front may have taken a request for another one: by a coding of its body that Netty ignores, so
     * that the body would be the next request (RFC 9112, 6.3), or by a header that counts once and came twice.
     */
    private static boolean isAmbiguous(HttpServerRequest request) {
        List<String> codings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
        return codings.size() > 1
                || (codings.size() == 1 && !codings.get(0).strip().equalsIgnoreCase("chunked"))
                || request.headers().getAll(HttpHeaders.HOST).size() > 1
                || request.headers().getAll(HttpHeaders.AUTHORIZATION).size() > 1;
    }

    /** Whether a request says that something follows its head. */
    public static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return request.headers().contains(HttpHeaders.TRANSFER_ENCODING) || (length != null && !length.equals("0"));
    }

    private HttpServerOptions serverOptions() {
        HttpServerOptions http = new HttpServerOptions()
                // A compressed frame of a few KiB may unfold to hundreds of MiB, and audio gains nothing from it.
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                // Without it a connection is seen when it opens, not with its first byte.
                .setHttp2ClearTextEnabled(false)
                .setMaxWebSocketFrameSize(options.maxMessageBytes())
                .setMaxWebSocketMessageSize(options.maxMessageBytes())
                .setMaxInitialLineLength(options.maxHeaderBytes())
                .setMaxHeaderSize(options.maxHeaderBytes())
                .setIdleTimeout((int) options.idleTimeout().toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setTcpKeepAlive(true);
        X509KeyManager own = certificate;
        if (own != null) {
            http.setSsl(true)
                    .setKeyCertOptions(KeyCertOptions.wrap(own))
                    .setEnabledSecureTransportProtocols(TLS_VERSIONS)
                    .setSslHandshakeTimeout(options.handshakeTimeout().toMillis())
                    .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                    // Websockets over HTTP/2 are none that callers or Vert.x speak.
                    .setUseAlpn(true)
                    .setAlpnVersions(List.of(HttpVersion.HTTP_1_1));
            cipherSuites().forEach(http::addEnabledCipherSuite);
        }
        return http;
    }

    /** Of those that this Java takes the ones with forward secrecy that also authenticate what they encrypt. */
    private static Stream<String> cipherSuites() {
        try {
            return Arrays.stream(
                            SSLContext.getDefault().getDefaultSSLParameters().getCipherSuites())
                    .filter(suite -> CIPHER_SUITE.matcher(suite).matches());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has TLS", e);
        }
    }

    /** One server on one event loop; its state stays on that loop. */
    private final class Server extends AbstractVerticle {

        private final int port;
        private final HttpServerOptions httpOptions = serverOptions();
        /** The timers of connections that have not sent a whole request head, or the body behind it, yet. */
        private final IdentityHashMap<HttpConnection, Long> silent = new IdentityHashMap<>();

        Server(int port) {
            this.port = port;
        }

        @Override
        public void start(Promise<Void> started) {
            vertx.createHttpServer(httpOptions)
                    .connectionHandler(this::connected)
                    .exceptionHandler(this::failedBefore)
                    .requestHandler(this::requested)
                    .invalidRequestHandler(this::malformed)
                    .listen(port, options.host())
                    .onSuccess(listening -> actualPort = listening.actualPort())
                    .<Void>mapEmpty()
                    .onComplete(started);
        }

        private void connected(HttpConnection connection) {
            String address = address(connection);
            if (!limits.connected(address)) {
                connection.close();
                return;
            }
            expect(connection, () -> false);
            connection.closeHandler(closed -> {
                heard(connection);
                limits.disconnected(address);
            });
        }

        /** Closes a connection in a while if what it is to send has not come by then. */
        private void expect(HttpConnection connection, BooleanSupplier hasCome) {
            silent.put(connection, vertx.setTimer(options.handshakeTimeout().toMillis(), timer -> {
                silent.remove(connection);
                if (!hasCome.getAsBoolean()) {
                    limits.late(address(connection));
                    connection.close();
                }
            }));
        }

        /**
         * Bounds a body in time and bytes, whatever the request is answered with and when: a body that nobody reads is
         * taken all the same, and one that trickles in would keep its connection for ever.
         */
        private void expectBody(HttpServerRequest request) {
            expect(request.connection(), request::isEnded);
            request.handler(part -> {
                if (request.bytesRead() > MAX_BODY_BYTES) {
                    HttpRefusal.send(
                            request, 413, "the body is too large; allowed: " + MAX_BODY_BYTES + " bytes", null);
                    request.connection().close();
                }
            });
        }

        /** A connection failed before it was one of HTTP. */
        private void failedBefore(Throwable failure) {
            if (failure instanceof SSLException || failure.getCause() instanceof SSLException) {
                handshakeFailed.run();
                LOG.debug("A TLS handshake failed: {}", failure.getMessage());
            }
        }

        /** Vert.x answers what is no request that a handler could read. */
        private void malformed(HttpServerRequest request) {
            secure(request);
            identify(request);
            HttpServerRequest.DEFAULT_INVALID_REQUEST_HANDLER.handle(request);
        }

        private void secure(HttpServerRequest request) {
            boolean https = request.isSSL()
                    || schemes.isSecure(
                            remoteAddress(request), request.headers().getAll("x-forwarded-proto"));
            SecurityHeaders.put(request.response(), https);
        }

        /** What comes behind finds the id in the request, and the peer in the answer. */
        private void identify(HttpServerRequest request) {
            String id = RequestId.takenOrMade(request.getHeader(RequestId.HEADER));
            request.headers().set(RequestId.HEADER, id);
            request.response().putHeader(RequestId.HEADER, id);
        }

        private void requested(HttpServerRequest request) {
            heard(request.connection());
            if (request.response().writeQueueFull()) {
                // The peer goes on asking and reads no answer: each further one would be kept in memory.
                request.connection().close();
                return;
            }
            if (hasBody(request)) {
                expectBody(request);
            }
            secure(request);
            identify(request);
            Duration wait = limits.requested(
                    request.path(), remoteAddress(request), request.headers().getAll("x-forwarded-for"));
            if (!wait.isZero()) {
                HttpRefusal.send(request, 429, "too many requests from this address; try again later", wait);
                return;
            }
            if (request.authority() == null && request.version() != HttpVersion.HTTP_1_0) {
                // The router would refuse it, too, and log an error for each.
                HttpRefusal.send(request, 400, "the request names no host; allowed: a Host header", null);
                return;
            }
            if (isAmbiguous(request)) {
                HttpRefusal.send(
                        request,
                        400,
                        "the request can be read in two ways; allowed: one Host, one Authorization, and no"
                                + " Transfer-Encoding but chunked",
                        null);
                request.connection().close();
                return;
            }
            // The router would fail on both, and print the whole address, which may hold a token.
            if (!request.path().startsWith("/")) {
                HttpRefusal.send(request, 400, "the address is no path; allowed: one that begins with /", null);
                return;
            }
            if (MALFORMED_ESCAPE.matcher(request.uri()).find()) {
                HttpRefusal.send(
                        request, 400, "the address is not URL-encoded; allowed: % with two hex digits behind it", null);
                return;
            }
            routerOf(request).handle(request);
        }

        private void heard(HttpConnection connection) {
            Long timer = silent.remove(connection);
            if (timer != null) {
                vertx.cancelTimer(timer);
            }
        }
    }
}
