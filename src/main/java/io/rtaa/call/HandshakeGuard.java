package io.rtaa.call;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Decides about a handshake before the connection is upgraded.
 *
 * <p>Thread-safety: called from any number of event loops at once; must not block them, so an answer that takes time comes
 * through the stage. A stage that fails counts as a refusal with 503.
 */
@FunctionalInterface
public interface HandshakeGuard {

    CompletionStage<Verdict> check(Handshake handshake);

    /** The answer to a handshake. */
    sealed interface Verdict {

        /**
         * Come in.
         *
         * @param principal who it is
         * @param subprotocol the websocket subprotocol to answer with; null for none
         * @param expiresAt when what the principal proved itself with expires; null for never
         * @param release gives back what the grant holds, such as a place; runs once, on an event loop: when the
         *     connection has ended, or when the handshake becomes no connection after all
         * @param opened runs once, on the same event loop and before {@code release}: when the connection is there. What
         *     a connection uses up is given back by a {@code release} without it
         */
        record Granted(
                Principal principal,
                @Nullable String subprotocol,
                @Nullable Instant expiresAt,
                Runnable release,
                Runnable opened)
                implements Verdict {

            /** A grant that does not expire and uses nothing up. */
            public Granted(Principal principal, @Nullable String subprotocol, Runnable release) {
                this(principal, subprotocol, null, release, () -> {});
            }

            /** A grant that holds nothing and does not expire. */
            public Granted(Principal principal, @Nullable String subprotocol) {
                this(principal, subprotocol, () -> {});
            }
        }

        /**
         * Stay out.
         *
         * @param status the HTTP status: 401, 403, 404, 429 or 503
         * @param reason what is wrong and what would be allowed, for the peer to read; holds no secret
         * @param retryAfter when to try again; null for no {@code Retry-After} header
         * @param challenge the {@code WWW-Authenticate} header of the answer, by which a page knows that a token can
         *     help; null where no credentials can change the refusal
         */
        record Refused(
                int status,
                String reason,
                @Nullable Duration retryAfter,
                @Nullable String challenge) implements Verdict {

            /** A refusal that no credentials can change. */
            public Refused(int status, String reason, @Nullable Duration retryAfter) {
                this(status, reason, retryAfter, null);
            }
        }
    }
}
