package io.rtaa.edge.websocket;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.rtaa.audit.AuditLog;
import io.rtaa.call.Handshake;
import io.rtaa.call.HandshakeGuard;
import io.rtaa.call.HandshakeGuard.Verdict.Granted;
import io.rtaa.call.HandshakeGuard.Verdict.Refused;
import io.rtaa.call.Principal;
import io.rtaa.edge.listener.HttpRefusal;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.routes.LogThrottle;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Stands before one path of the listener: lets handshakes in to the consumer that has claimed the path, after its
 * handshake route has granted them, and refuses all others with an HTTP status and a JSON reason.
 *
 * <p>Neither query nor headers of a handshake are ever logged: they may hold credentials.
 *
 * <p>Thread-safety: any thread; a handshake stays on its connection's event loop.
 */
final class HandshakeGate implements Handler<RoutingContext> {

    private static final Logger LOG = LoggerFactory.getLogger(HandshakeGate.class);

    /** Before every route that others mount: a page's catch-all must not swallow a handshake. */
    private static final int FIRST = -1;

    private static final HandshakeGuard EVERYBODY =
            handshake -> CompletableFuture.completedStage(new Granted(Principal.ANYONE, null));

    private final String path;
    private final LogThrottle failures = new LogThrottle();
    private final AtomicReference<@Nullable WebsocketConsumer> owner = new AtomicReference<>();
    /** Kept when its consumer stops, so that refusals are still counted where they belong. */
    private volatile @Nullable WebsocketMeters meters;

    private HandshakeGate(String path) {
        this.path = path;
    }

    static HandshakeGate mount(String path, PublicListener listener) {
        HandshakeGate gate = new HandshakeGate(path);
        listener.router().route(path).order(FIRST).handler(gate);
        return gate;
    }

    /** @throws IllegalStateException if another consumer holds the path */
    void claim(WebsocketConsumer consumer) {
        WebsocketConsumer holder = owner.compareAndExchange(null, consumer);
        if (holder != null && holder != consumer) {
            throw new IllegalStateException("path " + path + " of websocket:"
                    + consumer.getEndpoint().getName() + " is served by route " + holder.getRouteId()
                    + " already; allowed: one running route for a path");
        }
        meters = consumer.getEndpoint().connections().meters();
    }

    void release(WebsocketConsumer consumer) {
        owner.compareAndSet(consumer, null);
    }

    /** What decides about handshakes now; empty while no route takes any. */
    Optional<HandshakeGuard> guard() {
        WebsocketConsumer consumer = owner.get();
        if (consumer == null || !consumer.accepting()) {
            return Optional.empty();
        }
        HandshakeGuard guard = consumer.guard();
        return Optional.of(guard == null ? EVERYBODY : guard);
    }

    @Override
    public void handle(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        WebsocketConsumer consumer = owner.get();
        if (consumer == null || !consumer.accepting()) {
            refuse(request, 503, path + " is stopped for now; try again later", null);
        } else if (isUpgrade(request) && PublicListener.hasBody(request)) {
            // It would have to be read before the socket is there, and its end need never come.
            refuse(request, 400, "a websocket handshake has no body; allowed: RFC 6455, version 13", null);
            request.connection().close();
        } else {
            // What the peer sends must wait for the verdict.
            request.pause();
            new Attempt(consumer, request).begin(routing.vertx());
        }
    }

    private static boolean isUpgrade(HttpServerRequest request) {
        String connection = request.getHeader(HttpHeaders.CONNECTION);
        return HttpMethod.GET.equals(request.method())
                && "websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))
                && connection != null
                && connection.toLowerCase(Locale.ROOT).contains("upgrade");
    }

    private void refuse(HttpServerRequest request, int status, String reason, @Nullable Duration retryAfter) {
        WebsocketMeters counting = meters;
        if (counting != null) {
            counting.refused(status).increment();
        }
        HttpRefusal.send(request, status, reason, retryAfter);
    }

    /** One handshake on its way; all its steps run on the event loop of its connection. */
    private final class Attempt {

        private final WebsocketConsumer consumer;
        private final HttpServerRequest request;
        private final Handshake handshake;
        private final Instant began = Instant.now();

        Attempt(WebsocketConsumer consumer, HttpServerRequest request) {
            this.consumer = consumer;
            this.request = request;
            // The path of the endpoint: a proxy may have left more before that of the request.
            this.handshake = Handshake.of(
                    Objects.requireNonNull(consumer.getEndpoint().getOptions().getKind()),
                    path,
                    request.query(),
                    PublicListener.remoteAddress(request),
                    request.headers(),
                    isUpgrade(request));
        }

        void begin(Vertx vertx) {
            HandshakeGuard guard = consumer.guard();
            if (guard == null) {
                AuditLog.signIn(handshake, Principal.ANYONE);
                upgrade(new Granted(Principal.ANYONE, null));
                return;
            }
            Context context = vertx.getOrCreateContext();
            CompletionStage<HandshakeGuard.Verdict> verdict;
            try {
                verdict = guard.check(handshake);
            } catch (RuntimeException e) {
                answer(null, e);
                return;
            }
            verdict.whenComplete((given, failure) -> context.runOnContext(now -> answer(given, failure)));
        }

        private void answer(HandshakeGuard.@Nullable Verdict verdict, @Nullable Throwable failure) {
            if (verdict instanceof Granted granted) {
                upgrade(granted);
            } else if (verdict instanceof Refused refused) {
                if (refused.challenge() != null) {
                    request.response().putHeader(HttpHeaderNames.WWW_AUTHENTICATE, refused.challenge());
                }
                refuse(request, refused.status(), refused.reason(), refused.retryAfter());
            } else {
                failures.atLevel(LOG, Level.WARN)
                        .setCause(failure)
                        .log("The route of the handshakes on {} failed", path);
                refuse(request, 503, "authentication is not possible for now; try again later", null);
            }
        }

        private void upgrade(Granted granted) {
            if (!handshake.isUpgrade()) {
                granted.release().run();
                // Said after the verdict, so that a page whose handshake failed can ask why.
                request.response().putHeader(HttpHeaders.UPGRADE, "websocket");
                refuse(request, 426, path + " speaks websocket only; allowed: a websocket handshake", null);
                return;
            }
            if (!consumer.accepting()) {
                granted.release().run();
                refuse(request, 503, path + " is stopped for now; try again later", null);
                return;
            }
            // A browser's token comes as a subprotocol, and Netty would log those it does not know at debug level.
            request.headers().remove(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
            String subprotocol = granted.subprotocol();
            if (subprotocol != null) {
                request.response().putHeader(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, subprotocol);
            }
            request.toWebSocket().onSuccess(socket -> upgraded(socket, granted)).onFailure(cause -> {
                granted.release().run();
                upgradeFailed(cause);
            });
            // Vert.x fails its promise when the connection is lost before the upgrade, and then completes it all the
            // same:
            // that would throw. The socket of such a peer comes closed.
            request.exceptionHandler(lost -> LOG.debug("Connection lost during a handshake: {}", lost.getMessage()));
        }

        private void upgraded(ServerWebSocket socket, Granted granted) {
            VertxChannel channel = new VertxChannel(request.connection());
            if (channel.isWatched()) {
                // A second handshake was sent behind the first one, whose socket has the connection.
                granted.release().run();
                channel.cut();
                return;
            }
            if (!channel.isOpen()) {
                granted.release().run();
                return;
            }
            granted.opened().run();
            consumer.accept(socket, channel, handshake, began, granted);
        }

        private void upgradeFailed(Throwable cause) {
            // Vert.x has answered most malformed handshakes itself.
            LOG.atDebug().log("Handshake on {} failed: {}", path, cause.getMessage());
            if (!request.response().ended() && !request.response().closed()) {
                refuse(request, 400, "malformed websocket handshake; allowed: RFC 6455, version 13", null);
            }
        }
    }
}
