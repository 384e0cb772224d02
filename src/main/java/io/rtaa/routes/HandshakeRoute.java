package io.rtaa.routes;

import io.rtaa.audit.AuditLog;
import io.rtaa.call.Handshake;
import io.rtaa.call.HandshakeGuard;
import io.rtaa.call.HandshakeGuard.Verdict.Granted;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;

/**
 * Has a route decide about handshakes: an exchange with each passes the route, whose steps are processors that use
 * {@link HandshakeExchange}. Neither a header nor a property of the exchange is a credential. A route that takes too long
 * fails. The audit log tells of each verdict.
 *
 * <p>Thread-safety: any thread once it is started; the route runs on the thread that asks, up to its first asynchronous
 * step.
 */
public final class HandshakeRoute extends ServiceSupport implements HandshakeGuard {

    private static final String DIRECT = "direct:";

    private final CamelContext context;
    private final String uri;
    private final Duration timeout;
    private @Nullable Endpoint endpoint;
    private @Nullable AsyncProducer producer;

    /**
     * @param uri the address that the route consumes from, such as {@code direct:exotel-handshake}
     * @param timeout how long the route may take for one handshake
     */
    public HandshakeRoute(CamelContext context, String uri, Duration timeout) {
        this.context = context;
        this.timeout = timeout;
        // Without it a route that is stopped for now would hold the event loop for half a minute.
        this.uri = uri.startsWith(DIRECT) && !uri.contains("block=")
                ? uri + (uri.contains("?") ? "&" : "?") + "block=false"
                : uri;
    }

    @Override
    protected void doStart() throws Exception {
        Endpoint found = context.getEndpoint(uri);
        if (found == null) {
            throw new IllegalArgumentException("handshake is '" + uri + "', which no component of the service knows");
        }
        endpoint = found;
        producer = found.createAsyncProducer();
        ServiceHelper.startService(producer);
    }

    /** Whether a route consumes from the address; true for another scheme than {@code direct:}, of which it is not known. */
    public boolean isThere() {
        Endpoint asked = Objects.requireNonNull(endpoint, "started");
        return !uri.startsWith(DIRECT)
                || context.getRoutes().stream()
                        .map(route -> HandshakeNames.withoutOptions(
                                route.getEndpoint().getEndpointUri()))
                        .anyMatch(HandshakeNames.withoutOptions(asked.getEndpointUri())::equals);
    }

    @Override
    protected void doStop() {
        ServiceHelper.stopService(producer);
    }

    @Override
    public CompletionStage<Verdict> check(Handshake handshake) {
        HandshakeExchange attempt = new HandshakeExchange(handshake);
        Exchange exchange = Objects.requireNonNull(endpoint, "started").createExchange();
        exchange.setProperty(HandshakeExchange.PROPERTY, attempt);
        exchange.getMessage().setBody(handshake);
        CompletableFuture<Verdict> verdict =
                new CompletableFuture<Verdict>().orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
        CompletionStage<Verdict> audited = verdict.whenComplete((given, failure) -> {
            if (failure == null) {
                AuditLog.signIn(handshake, given);
            } else {
                AuditLog.signInFailed(handshake);
            }
        });
        Objects.requireNonNull(producer, "started").process(exchange, doneSync -> {
            Exception failure = failure(exchange, attempt);
            if (failure != null) {
                attempt.release();
                verdict.completeExceptionally(failure);
                return;
            }
            Verdict given = attempt.verdict();
            if (!verdict.complete(given) && given instanceof Granted tooLate) {
                tooLate.release().run();
            }
        });
        return audited;
    }

    /**
     * What a step failed with; null where none did. A route that handles the failure lets nobody in by what was granted
     * before it, but may refuse in its own words.
     */
    private static @Nullable Exception failure(Exchange exchange, HandshakeExchange attempt) {
        Exception failure = exchange.getException();
        return failure != null || attempt.isRefused()
                ? failure
                : exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Exception.class);
    }
}
