package io.rtaa.edge.security;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.rtaa.audit.AuditLog;
import io.rtaa.call.AudioCoding;
import io.rtaa.call.Handshake;
import io.rtaa.call.HandshakeGuard;
import io.rtaa.call.HandshakeGuard.Verdict;
import io.rtaa.call.HandshakeGuard.Verdict.Granted;
import io.rtaa.call.HandshakeGuard.Verdict.Refused;
import io.rtaa.call.PeerId;
import io.rtaa.call.PeerKind;
import io.rtaa.call.Principal;
import io.rtaa.edge.listener.HttpRefusal;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.routes.LogThrottle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Exotel's dynamic URL: answers {@code {"url":"wss://…/v1/exotel?token=…"}} for the telephone call that {@code CallSid}
 * names, in the query or in a form. A credential that is
 * bound to no tenant, as Basic is, may name one by {@code AccountSid} beside it. A request passes the handshake route of the endpoint that the URL is for, as a
 * handshake that asks for no websocket and so takes no place of a call.
 *
 * <p>Neither the URL nor its token is in any log, header or error. The audit log has a line for each request that was
 * let in.
 *
 * <p>Thread-safety: handlers run on any number of event loops.
 */
public final class StreamUrlApi {

    /** The endpoint whose sockets the tokens open. */
    public static final String ENDPOINT = "/v1/exotel";

    /** Where URLs are asked for. */
    public static final String PATH = ENDPOINT + "/stream-url";

    /** The largest form that is read, bytes: Exotel's have a few hundred. */
    static final int MAX_FORM_BYTES = 8 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(StreamUrlApi.class);

    /** Before every route that others mount, as the endpoint itself. */
    private static final int FIRST = -1;

    private static final String CALL = "CallSid";
    private static final String ACCOUNT = "AccountSid";

    /** What the audit log calls a request. */
    private static final String OPERATION = "stream-url";

    private final StreamTokens tokens;
    private final LogThrottle failures = new LogThrottle();
    private final Function<String, Optional<HandshakeGuard>> guards;
    private final OutsideAddress address;
    private final StreamTokenMeters meters;
    private final Duration timeout;

    /**
     * @param tokens mints; without a key every request is answered with 404
     * @param guards what decides about handshakes on a path now; empty while nobody is let in there
     * @param timeout how long the form may take
     */
    public StreamUrlApi(
            StreamTokens tokens,
            Function<String, Optional<HandshakeGuard>> guards,
            OutsideAddress address,
            StreamTokenMeters meters,
            Duration timeout) {
        this.tokens = tokens;
        this.guards = guards;
        this.address = address;
        this.meters = meters;
        this.timeout = timeout;
    }

    /** Adds the address to a listener. */
    public void mount(PublicListener listener) {
        listener.router().route(PATH).order(FIRST).handler(this::handle);
    }

    private void handle(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        request.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        Optional<HandshakeGuard> guard = guards.apply(ENDPOINT);
        if (!tokens.isConfigured()) {
            HttpRefusal.send(request, 404, "stream URLs need a key to sign them; allowed: JWT_PRIVATE_KEY", null);
        } else if (!HttpMethod.GET.equals(request.method()) && !HttpMethod.POST.equals(request.method())) {
            request.response().putHeader(HttpHeaderNames.ALLOW, "GET, POST");
            HttpRefusal.send(request, 405, request.method() + " is not possible here; allowed: GET, POST", null);
        } else if (guard.isEmpty()) {
            HttpRefusal.send(request, 503, ENDPOINT + " is stopped for now; try again later", null);
        } else {
            new Attempt(request, routing.vertx()).begin(guard.get());
        }
    }

    /** One request on its way, on the event loop of its connection. */
    private final class Attempt {

        private final HttpServerRequest request;
        private final Vertx vertx;
        private final Handshake handshake;

        Attempt(HttpServerRequest request, Vertx vertx) {
            this.request = request;
            this.vertx = vertx;
            this.handshake = Handshake.of(
                    PeerKind.CALLER,
                    PATH,
                    request.query(),
                    PublicListener.remoteAddress(request),
                    request.headers(),
                    false);
        }

        void begin(HandshakeGuard guard) {
            // The form must wait for the verdict.
            request.pause();
            Future.fromCompletionStage(guard.check(handshake), vertx.getOrCreateContext())
                    .onSuccess(this::judged)
                    .onFailure(failure -> {
                        failures.atLevel(LOG, Level.WARN)
                                .setCause(failure)
                                .log("The route of the handshakes on {} failed", ENDPOINT);
                        refuse(503, "authentication is not possible for now; try again later");
                    });
        }

        private void judged(Verdict verdict) {
            if (verdict instanceof Refused refused) {
                if (refused.challenge() != null) {
                    request.response().putHeader(HttpHeaderNames.WWW_AUTHENTICATE, refused.challenge());
                }
                HttpRefusal.send(request, refused.status(), refused.reason(), refused.retryAfter());
                return;
            }
            Granted granted = (Granted) verdict;
            // An answer is no connection that would keep anything.
            granted.release().run();
            Principal asker = granted.principal();
            String callSid = value(handshake.query(), CALL);
            if (callSid != null || HttpMethod.GET.equals(request.method())) {
                answer(asker, callSid, value(handshake.query(), ACCOUNT));
            } else {
                readForm(asker);
            }
        }

        private void readForm(Principal asker) {
            Buffer form = Buffer.buffer();
            long timer = vertx.setTimer(timeout.toMillis(), late -> {
                decline(asker, null, 408, "the form did not come in time");
                request.connection().close();
            });
            request.handler(part -> {
                if (form.length() + part.length() <= MAX_FORM_BYTES) {
                    form.appendBuffer(part);
                } else if (!request.response().ended()) {
                    decline(asker, null, 413, "the form is too large; allowed: " + MAX_FORM_BYTES + " bytes");
                }
            });
            request.exceptionHandler(left -> vertx.cancelTimer(timer));
            request.endHandler(whole -> {
                vertx.cancelTimer(timer);
                if (!request.response().ended()) {
                    String parameters = form.toString(StandardCharsets.UTF_8);
                    String account = value(handshake.query(), ACCOUNT);
                    answer(asker, value(parameters, CALL), account == null ? value(parameters, ACCOUNT) : account);
                }
            });
            request.resume();
        }

        private void answer(Principal asker, @Nullable String callSid, @Nullable String account) {
            String fault = callSid == null
                    ? CALL
                            + " is missing; allowed: as a parameter of the query, or of a form (application/x-www-form-urlencoded)"
                    : PeerId.fault(CALL, callSid);
            if (fault == null && account != null) {
                fault = PeerId.fault(ACCOUNT, account);
            }
            String rate = sampleRate();
            Optional<String> outside = address.websockets(handshake, request.isSSL());
            if (fault != null) {
                decline(asker, callSid, 400, fault);
            } else if (rate != null && AudioCoding.readSampleRate(rate).isEmpty()) {
                decline(asker, callSid, 400, "sample-rate is none; allowed: a rate such as 16000");
            } else if (outside.isEmpty()) {
                decline(asker, callSid, 400, "the request names no host; allowed: a Host header, or PUBLIC_URL");
            } else {
                meters.minted.increment();
                AuditLog.operation(OPERATION, asker, handshake, callSid, "done", null);
                String url = outside.get() + ENDPOINT + "?token="
                        + tokens.mint(bound(asker, account), Objects.requireNonNull(callSid))
                        + (rate == null
                                ? ""
                                : "&sample-rate="
                                        + AudioCoding.readSampleRate(rate).getAsInt());
                request.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                        .end(new JsonObject().put("url", url).encode());
                request.resume();
            }
        }

        /** The asker with a tenant: that of its credential, else the account that it names; null where neither is there. */
        private static Principal bound(Principal asker, @Nullable String account) {
            return asker.tenantId() != null || account == null
                    ? asker
                    : new Principal(asker.name(), asker.role(), account);
        }

        /** The sample rate that the sockets are to have; null where the query names none. */
        private @Nullable String sampleRate() {
            return Stream.of("sample-rate", "sample_rate")
                    .map(name -> value(handshake.query(), name))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
        }

        /** Answers a peer that may ask, but not like this. */
        private void decline(Principal asker, @Nullable String callSid, int status, String reason) {
            AuditLog.operation(OPERATION, asker, handshake, callSid, "refused", reason);
            refuse(status, reason);
        }

        private void refuse(int status, String reason) {
            HttpRefusal.send(request, status, reason, null);
        }
    }

    /** The first value of a parameter that is not blank; null for none. */
    private static @Nullable String value(@Nullable String parameters, String name) {
        return Handshake.queryValues(parameters, name).stream()
                .filter(value -> !value.isBlank())
                .findFirst()
                .orElse(null);
    }
}
