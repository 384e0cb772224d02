package io.rtaa.edge.security;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Looks at tokens. An interface, so that routes that declare a {@link JwtStep} can be checked without keys.
 *
 * <p>Thread-safety: any thread; never blocks.
 */
public interface TokenVerifier {

    /** Knows no key, so that no step asks for a token. */
    TokenVerifier NONE = new TokenVerifier() {
        @Override
        public boolean isConfigured() {
            return false;
        }

        @Override
        public CompletionStage<Verification> verify(String token) {
            return CompletableFuture.completedStage(
                    new Verification.Rejected("no key is configured that could have signed a token"));
        }
    };

    /** Whether there is a key that can have signed a token. */
    default boolean isConfigured() {
        return true;
    }

    /**
     * Looks at a token; never throws, and its stage never fails.
     *
     * @return complete at once, unless a key has to be fetched first; then it completes on another thread
     */
    CompletionStage<Verification> verify(String token);
}
