package io.rtaa.edge.security;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import io.rtaa.call.StreamId;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/**
 * Verifies RS256 tokens against fixed keys: the signature, {@code exp} (which must be there), {@code nbf}, the role and the
 * tenant. Several keys verify side by side, so that one can be replaced while tokens of the other are still about. No other
 * algorithm is taken, whatever a token's header says.
 *
 * <p>Thread-safety: any thread at any time. Verifying is some 0.1 ms of computing without I/O: an event loop may do it.
 */
public final class JwtVerifier {
    /** The claim that says what the bearer may do. */
    public static final String ROLE_CLAIM = "role";

    /** The claim that binds the bearer to a tenant; may be absent. */
    public static final String TENANT_CLAIM = "tenant";

    /** How far the issuer's clock and ours may be apart. */
    public static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

    /** The longest token looked at, in characters; ours have about 500. */
    public static final int MAX_TOKEN_LENGTH = 8192;

    /** The name of a bearer whose token has no subject. */
    private static final String NO_SUBJECT = "token";

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

    /** Looks at a token; never throws. */
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
        if (expiresAt == null) {
            return new Verification.Rejected("the token has no exp claim");
        }
        Role role = role(token.getClaims().get(ROLE_CLAIM));
        if (role == null) {
            return new Verification.Rejected("the token's role is missing or unknown; allowed: caller, viewer, admin");
        }
        Object tenant = token.getClaims().get(TENANT_CLAIM);
        if (tenant != null && !(tenant instanceof String id && StreamId.fault(TENANT_CLAIM, id) == null)) {
            return new Verification.Rejected(
                    "the token's tenant is not a printable text of 1 to " + StreamId.MAX_ID_LENGTH + " characters");
        }
        String subject = token.getSubject();
        String name = subject != null && StreamId.fault("sub", subject) == null ? subject : NO_SUBJECT;
        return new Verification.Verified(new Principal(name, role, (String) tenant), expiresAt);
    }

    private static @Nullable Role role(@Nullable Object claim) {
        for (Role role : Role.values()) {
            if (role.wireName().equals(claim)) {
                return role;
            }
        }
        return null;
    }
}
