package io.rtaa.edge.security;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.oauth2.jwt.MappedJwtClaimSetConverter;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/**
 * Checks tokens against keys that are here: the signature, {@code typ}, {@code exp} (which has to be there), {@code
 * nbf}, and the issuer and audience of the rules.
 *
 * <p>Thread-safety: any thread at any time. Some 0.1 ms of computing without I/O: an event loop may do it.
 */
final class TokenDecoder {

    /** How far the issuer's clock and ours may be apart. */
    static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

    /** The longest token looked at, in characters; ours have about 500. */
    static final int MAX_TOKEN_LENGTH = 8192;

    private static final Verification.Rejected MALFORMED = new Verification.Rejected("the token is malformed, of"
            + " another type or not signed by a known key; allowed: a JWT signed by a configured key, with "
            + PublicKeys.ALGORITHMS_IN_WORDS);

    private final NimbusJwtDecoder decoder;
    private final Clock clock;

    /** @param keys those that count, asked for each token */
    TokenDecoder(Supplier<PublicKeys> keys, TokenRules rules, Clock clock) {
        this.clock = clock;
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        // The library's selectors ask for a key of the id that a token names, and PEM holds no ids.
        processor.setJWSKeySelector((header, context) -> keys.get().matching(header));
        // Tokens that are meant for something else have a type of their own: RFC 8725, 3.11.
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        // The validators below judge times by the given clock, and all other claims.
        processor.setJWTClaimsSetVerifier((claims, context) -> {});
        decoder = new NimbusJwtDecoder(processor);
        // As it is: the library would take one spelling of an address for another.
        decoder.setClaimSetConverter(
                MappedJwtClaimSetConverter.withDefaults(Map.of(JwtClaimNames.ISS, issuer -> issuer)));
        decoder.setJwtValidator(validator(rules, clock));
    }

    private static OAuth2TokenValidator<Jwt> validator(TokenRules rules, Clock clock) {
        List<OAuth2TokenValidator<Jwt>> validators = new ArrayList<>();
        JwtTimestampValidator times = new JwtTimestampValidator(CLOCK_SKEW);
        times.setClock(clock);
        validators.add(times);
        String issuer = rules.issuer();
        if (issuer != null) {
            validators.add(token -> issuer.equals(token.getClaims().get(JwtClaimNames.ISS))
                    ? OAuth2TokenValidatorResult.success()
                    : failure("the token's issuer (iss) is missing or another one; allowed: that of JWT_ISSUER"));
        }
        String audience = rules.audience();
        if (audience != null) {
            validators.add(token -> holds(token.getClaims().get(JwtClaimNames.AUD), audience)
                    ? OAuth2TokenValidatorResult.success()
                    : failure("the token is for another audience (aud); allowed: that of JWT_AUDIENCE"));
        }
        return new DelegatingOAuth2TokenValidator<>(validators);
    }

    private static boolean holds(@Nullable Object claim, String text) {
        return claim instanceof Collection<?> several ? several.contains(text) : text.equals(claim);
    }

    private static OAuth2TokenValidatorResult failure(String reason) {
        return OAuth2TokenValidatorResult.failure(new OAuth2Error("invalid_token", reason, null));
    }

    /**
     * The header of a token; empty where it has none, or one that no key can help: {@link #decode} rejects such a
     * token.
     */
    static Optional<JWSHeader> header(String token) {
        int dot = token.indexOf('.');
        if (dot < 0 || token.length() > MAX_TOKEN_LENGTH) {
            return Optional.empty();
        }
        try {
            JWSHeader header = JWSHeader.parse(new Base64URL(token.substring(0, dot)));
            return PublicKeys.canVerify(header) ? Optional.of(header) : Optional.empty();
        } catch (ParseException | RuntimeException notAHeader) {
            return Optional.empty();
        }
    }

    /** Looks at a token; never throws. */
    Verification decode(String token) {
        if (token.length() > MAX_TOKEN_LENGTH) {
            return new Verification.Rejected(
                    "the token has " + token.length() + " characters; allowed: " + MAX_TOKEN_LENGTH);
        }
        try {
            return judge(decoder.decode(token));
        } catch (JwtValidationException e) {
            return new Verification.Rejected(e.getErrors().iterator().next().getDescription());
        } catch (RuntimeException e) {
            // Left out: the library's message may quote the token.
            return MALFORMED;
        }
    }

    private Verification judge(Jwt token) {
        Instant expiresAt = token.getExpiresAt();
        if (expiresAt == null) {
            return new Verification.Rejected("the token has no exp claim");
        }
        // A token that is taken by the skew is good until it is taken no more.
        Instant end = expiresAt.isAfter(clock.instant()) ? expiresAt : expiresAt.plus(CLOCK_SKEW);
        return new Verification.Verified(token.getClaims(), end);
    }
}
