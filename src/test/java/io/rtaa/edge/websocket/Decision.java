package io.rtaa.edge.websocket;

import io.rtaa.call.Handshake;
import io.rtaa.call.HandshakeGuard.Verdict;
import io.rtaa.call.HandshakeGuard.Verdict.Granted;
import io.rtaa.call.HandshakeGuard.Verdict.Refused;
import io.rtaa.routes.HandshakeExchange;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;

/** A step of a handshake's route that decides as a test says, once it says so. */
final class Decision extends AsyncProcessorSupport {

    final Queue<Handshake> handshakes = new ConcurrentLinkedQueue<>();
    final CompletableFuture<Verdict> verdict = new CompletableFuture<>();

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        HandshakeExchange attempt = HandshakeExchange.of(exchange);
        handshakes.add(attempt.handshake());
        var unused = verdict.whenComplete((given, failure) -> {
            if (given instanceof Granted granted) {
                Instant until = granted.expiresAt();
                if (until == null) {
                    attempt.grant(granted.principal());
                } else {
                    attempt.grant(granted.principal(), until);
                }
                attempt.hold(granted.release());
                if (granted.subprotocol() != null) {
                    attempt.answerSubprotocol(granted.subprotocol());
                }
            } else if (given instanceof Refused refused) {
                attempt.refuse(exchange, refused);
            } else {
                exchange.setException(failure);
            }
            callback.done(false);
        });
        return false;
    }
}
