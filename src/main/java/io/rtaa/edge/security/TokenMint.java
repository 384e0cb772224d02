package io.rtaa.edge.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.rtaa.call.PeerId;
import io.rtaa.call.Principal;
import java.security.interfaces.RSAPrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/**
 * Mints the RS256 tokens that {@link JwtVerifier} takes.
 *
 * <p>Thread-safety: any thread. Signing is about 1 ms of computing.
 */
public final class TokenMint {

    /** The claims that {@link JwtStep} reads by default. */
    static final String ROLE_CLAIM = "role";

    static final String TENANT_CLAIM = "tenant";

    private final RSASSASigner signer;
    private final Clock clock;

    public TokenMint(RSAPrivateKey key, Clock clock) {
        this.signer = new RSASSASigner(key);
        this.clock = clock;
    }

    /**
     * A mint by the wall clock.
     *
     * @param pemOrFile as {@link RsaKeys#privateKey} takes it
     */
    public static TokenMint ofPem(String pemOrFile) {
        return new TokenMint(RsaKeys.privateKey(pemOrFile), Clock.systemUTC());
    }

    /**
     * Mints a token that is good from now on.
     *
     * @param principal whom it names: subject, role and, where there is one, tenant
     * @param ttl how long it is good, at least one second
     * @throws IllegalArgumentException if the subject, the tenant or the time to live is not allowed
     */
    public String mint(Principal principal, Duration ttl) {
        return mint(principal, ttl, null, null);
    }

    /**
     * Mints a token that is good from now on, for a service that asks who issued it and for whom.
     *
     * @param principal whom it names: subject, role and, where there is one, tenant
     * @param ttl how long it is good, at least one second
     * @param issuer null for a token that names none
     * @param audience null for a token that names none
     * @throws IllegalArgumentException if the subject, the tenant or the time to live is not allowed
     */
    public String mint(Principal principal, Duration ttl, @Nullable String issuer, @Nullable String audience) {
        if (ttl.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("a token for " + ttl + "; allowed: one second or more");
        }
        String subjectFault = PeerId.fault("subject", principal.name(), JwtStep.MAX_SUBJECT_LENGTH);
        if (subjectFault != null) {
            throw new IllegalArgumentException(subjectFault);
        }
        Instant now = clock.instant();
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .subject(principal.name())
                .issuer(issuer)
                .audience(audience)
                .claim(ROLE_CLAIM, principal.role().wireName())
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plus(ttl)));
        String tenant = principal.tenantId();
        if (tenant != null) {
            PeerId.require(TENANT_CLAIM, tenant);
            claims.claim(TENANT_CLAIM, tenant);
        }
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .type(JOSEObjectType.JWT)
                        .build(),
                claims.build());
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("the key cannot sign", e);
        }
        return token.serialize();
    }
}
