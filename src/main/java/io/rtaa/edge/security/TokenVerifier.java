package io.rtaa.edge.security;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

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

    /** Why no token can be verified now, in words for a person and without a secret; null where that is possible. */
    default @Nullable String fault() {
        return null;
    }

    /** What is worth knowing although tokens can be verified; null for nothing. */
    default @Nullable String note() {
        return null;
    }

    /**
     * Looks at a token; never throws, and its stage never fails.
     *
     * @return complete at once, unless a key has to be fetched first; then it completes on another thread
     */
    CompletionStage<Verification> verify(String token);
}
