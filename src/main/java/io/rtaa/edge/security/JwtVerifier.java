package io.rtaa.edge.security;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/**
 * Verifies RS256 tokens against fixed keys: the signature, {@code exp} (which must be there) and {@code nbf}. Several keys verify side by side, so that one can be replaced while tokens of the other are still about. No other
 * algorithm is taken, whatever a token's header says.
 *
 * <p>Thread-safety: any thread at any time. Verifying is some 0.1 ms of computing without I/O: an event loop may do it.
 */
public final class JwtVerifier implements TokenVerifier {
    /** How far the issuer's clock and ours may be apart. */
    public static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

    /** The longest token looked at, in characters; ours have about 500. */
    public static final int MAX_TOKEN_LENGTH = 8192;

    private final NimbusJwtDecoder decoder;

    /** @param keys the keys that may have signed a token, at least one */
    public JwtVerifier(List<RSAPublicKey> keys, Clock clock) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("no public key; at least one is needed");
        }
        List<RSAPublicKey> candidates = List.copyOf(keys);
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        // No JWSVerificationKeySelector: it wants a key of the id that a token names, and PEM holds no ids.
        processor.setJWSKeySelector(
                (header, context) -> JWSAlgorithm.RS256.equals(header.getAlgorithm()) ? candidates : List.of());
        // The validator below judges the times, by the given clock.
        processor.setJWTClaimsSetVerifier((claims, context) -> {});
        JwtTimestampValidator times = new JwtTimestampValidator(CLOCK_SKEW);
        times.setClock(clock);
        decoder = new NimbusJwtDecoder(processor);
        decoder.setJwtValidator(times);
    }

    /**
     * A verifier by the wall clock.
     *
     * @param pemOrFile as {@link RsaKeys#publicKeys} takes it
     */
    public static JwtVerifier ofPem(String pemOrFile) {
        return new JwtVerifier(RsaKeys.publicKeys(pemOrFile), Clock.systemUTC());
    }

    @Override
    public Verification verify(String token) {
        if (token.length() > MAX_TOKEN_LENGTH) {
            return new Verification.Rejected(
                    "the token has " + token.length() + " characters; allowed: " + MAX_TOKEN_LENGTH);
        }
        try {
            return judge(decoder.decode(token));
        } catch (JwtValidationException e) {
            return new Verification.Rejected(e.getErrors().iterator().next().getDescription());
        } catch (JwtException | IllegalArgumentException e) {
            // The library's message may quote the token.
            return new Verification.Rejected(
                    "the token is malformed or not signed by a known key; allowed: RS256 by a configured key");
        }
    }

    private static Verification judge(Jwt token) {
        Instant expiresAt = token.getExpiresAt();
        return expiresAt == null
                ? new Verification.Rejected("the token has no exp claim")
                : new Verification.Verified(token.getClaims(), expiresAt);
    }
}
