package io.rtaa.edge.security;

import io.rtaa.call.Handshake;
import io.rtaa.call.HandshakeGuard.Verdict.Refused;
import io.rtaa.call.UseCounter;
import io.rtaa.routes.HandshakeExchange;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.jspecify.annotations.Nullable;

/**
 * A step of a handshake's route: grants the role of a caller for a {@code ?token=} of {@link StreamTokens}, and refuses a
 * wrong one. Such a token opens websockets of {@link StreamUrlApi#ENDPOINT} and nothing else, {@value #MAX_SOCKETS} of
 * them: each leg that rings opens one. A handshake that is refused or fails uses none of them up. Any other handshake goes
 * on to the next step.
 *
 * <p>Thread-safety: any thread; never blocks.
 */
public final class StreamTokenStep extends AsyncProcessorSupport {

    /** How many sockets a token opens: an exchange rings a few agents at once, and opens one for each. */
    static final int MAX_SOCKETS = 8;

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int UNAVAILABLE = 503;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final StreamTokens tokens;
    private final UseCounter sockets;
    private final StreamTokenMeters meters;

    /**
     * @param tokens says which are good; without a key the step does nothing
     * @param sockets counts the sockets of a token
     */
    public StreamTokenStep(StreamTokens tokens, UseCounter sockets, StreamTokenMeters meters) {
        this.tokens = tokens;
        this.sockets = sockets;
        this.meters = meters;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        HandshakeExchange attempt = HandshakeExchange.of(exchange);
        String token = token(attempt);
        if (!tokens.isConfigured() || token == null) {
            callback.done(true);
            return true;
        }
        Handshake handshake = attempt.handshake();
        if (!handshake.isUpgrade() || !handshake.path().equals(StreamUrlApi.ENDPOINT)) {
            String reason = "a stream token opens nothing here; allowed: a websocket of " + StreamUrlApi.ENDPOINT;
            return refuse(exchange, attempt, UNAUTHORIZED, reason, callback);
        }
        StreamTokens.Reading reading = tokens.read(token);
        if (reading instanceof StreamTokens.Reading.Bad bad) {
            return refuse(exchange, attempt, UNAUTHORIZED, bad.reason(), callback);
        }
        return take(exchange, attempt, (StreamTokens.Reading.Good) reading, callback);
    }

    /** A token that says it is one of a stream URL; null where there is none, or it does not count. */
    private static @Nullable String token(HandshakeExchange attempt) {
        Handshake handshake = attempt.handshake();
        String token = handshake.queryToken();
        boolean counts = attempt.principal() == null && handshake.header("authorization") == null;
        return counts && token != null && StreamTokens.isStreamToken(token) ? token : null;
    }

    private boolean take(
            Exchange exchange, HandshakeExchange attempt, StreamTokens.Reading.Good good, AsyncCallback callback) {
        CompletableFuture<Optional<Runnable>> taking =
                sockets.take(good.id(), MAX_SOCKETS, good.left()).toCompletableFuture();
        boolean atOnce = taking.isDone();
        var unused = taking.whenComplete((taken, failure) -> {
            if (failure != null) {
                refuse(exchange, attempt, new Refused(UNAVAILABLE, "sockets cannot be counted now", RETRY_AFTER));
            } else if (taken.isEmpty()) {
                String reason = "the stream token has opened " + MAX_SOCKETS
                        + " sockets; allowed: a new one from stream-url for each call";
                refuse(exchange, attempt, new Refused(FORBIDDEN, reason, null));
            } else {
                meters.opening.increment();
                attempt.spend(taken.get());
                attempt.grant(good.caller());
            }
            callback.done(atOnce);
        });
        return atOnce;
    }

    private boolean refuse(
            Exchange exchange, HandshakeExchange attempt, int status, String reason, AsyncCallback callback) {
        refuse(exchange, attempt, new Refused(status, reason, null, JwtStep.CHALLENGE));
        callback.done(true);
        return true;
    }

    private void refuse(Exchange exchange, HandshakeExchange attempt, Refused why) {
        meters.refused.increment();
        attempt.refuse(exchange, why);
    }
}
