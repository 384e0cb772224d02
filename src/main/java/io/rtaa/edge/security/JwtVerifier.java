package io.rtaa.edge.security;

import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Verifies tokens against keys of PEM. Several keys verify side by side, so that one can be replaced while tokens of
 * the other are still in use.
 *
 * <p>Thread-safety: any thread at any time.
 */
public final class JwtVerifier implements TokenVerifier {

    private final TokenDecoder decoder;
    private volatile PublicKeys keys;

    /** @param keys those that may have signed a token */
    public JwtVerifier(PublicKeys keys, TokenRules rules, Clock clock) {
        this.keys = keys;
        this.decoder = new TokenDecoder(() -> this.keys, rules, clock);
    }

    /** From now on these keys verify, and no other. */
    public void replaceKeys(PublicKeys newKeys) {
        keys = newKeys;
    }

    @Override
    public CompletionStage<Verification> verify(String token) {
        return CompletableFuture.completedStage(decoder.decode(token));
    }
}
