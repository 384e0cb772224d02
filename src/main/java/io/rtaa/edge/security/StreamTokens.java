package io.rtaa.edge.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.rtaa.call.PeerId;
import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.RSAPublicKeySpec;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Mints and reads the tokens of stream URLs: each lets the streams of one telephone call in on {@code /v1/exotel}, for
 * {@link #LIFE}. Their {@code typ} is their own (RFC 8725, 3.11), so that no verifier of other tokens takes one, whatever
 * key it has; and they have no role. They are short, as telephone exchanges limit the length of a URL.
 *
 * <p>The private key of the service signs them, and its public half alone verifies them. A key that was replaced verifies
 * what it signed for another {@link #LIFE}.
 *
 * <p>Thread-safety: any thread at any time; never blocks. Signing is about 1 ms of computing.
 */
public final class StreamTokens {

    /** How long a token is good: Exotel connects within seconds of asking for its URL. */
    public static final Duration LIFE = Duration.ofMinutes(1);

    /** The {@code typ} in a token's header. */
    static final String TYPE = "rtaa-stream+jwt";

    private static final String CALL_CLAIM = "call_sid";

    /** Bytes that name a token among those of its minute, in all processes. */
    private static final int ID_BYTES = 12;

    /**
     * A key as it signs and verifies.
     *
     * @param goodUntil until when it verifies; null for as long as it signs
     */
    private record Key(
            RSASSASigner signer,
            RSASSAVerifier verifier,
            @Nullable Instant goodUntil) {
        static Key of(RSAPrivateKey key) {
            return new Key(new RSASSASigner(key), new RSASSAVerifier(publicHalf(key)), null);
        }
    }

    /** What a token is found to be. */
    sealed interface Reading {

        /**
         * It is good.
         *
         * @param id names the token among all of the service's
         * @param caller who may come in: a caller, with the tenant of the one who asked, bound to a telephone call
         * @param left how long it is still good, above zero
         */
        record Good(String id, Principal caller, Duration left) implements Reading {}

        /**
         * It proves nothing.
         *
         * @param reason what is wrong and what is allowed, for the peer to read; holds no part of the token
         */
        record Bad(String reason) implements Reading {}
    }

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private volatile @Nullable Key key;
    private volatile @Nullable Key previous;

    private StreamTokens(@Nullable Key key, Clock clock) {
        this.key = key;
        this.clock = clock;
    }

    /**
     * @param key signs; its public half has to be known with it
     * @throws IllegalArgumentException if it does not hold its public half
     */
    public StreamTokens(RSAPrivateKey key, Clock clock) {
        this(Key.of(key), clock);
    }

    /** Without a key: no token is minted, and none is good. */
    public static StreamTokens none() {
        return new StreamTokens((Key) null, Clock.systemUTC());
    }

    /**
     * Tokens by the wall clock.
     *
     * @param pemOrFile as {@link RsaKeys#privateKey} takes it
     */
    public static StreamTokens ofPem(String pemOrFile) {
        return new StreamTokens(RsaKeys.privateKey(pemOrFile), Clock.systemUTC());
    }

    /** Whether there is a key. */
    public boolean isConfigured() {
        return key != null;
    }

    /**
     * Signs with another key from now on.
     *
     * @param pemOrFile as {@link RsaKeys#privateKey} takes it
     * @throws IllegalArgumentException if it is none; then the old key stays
     */
    public synchronized void replaceKey(String pemOrFile) {
        Key next = Key.of(RsaKeys.privateKey(pemOrFile));
        Key last = key;
        previous = last == null
                ? null
                : new Key(last.signer(), last.verifier(), clock.instant().plus(LIFE));
        key = next;
    }

    /**
     * Mints a token.
     *
     * @param asker who asked: the token keeps the name and the tenant
     * @param callSid the telephone call whose streams it lets in
     * @throws IllegalArgumentException if the call's id is none
     * @throws IllegalStateException if there is no key
     */
    public String mint(Principal asker, String callSid) {
        PeerId.require("CallSid", callSid);
        Key signing = key;
        if (signing == null) {
            throw new IllegalStateException("there is no key to sign a stream token");
        }
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .jwtID(Base64.getUrlEncoder().withoutPadding().encodeToString(id))
                .subject(asker.name())
                .claim(TokenMint.TENANT_CLAIM, asker.tenantId())
                .claim(CALL_CLAIM, callSid)
                .expirationTime(Date.from(clock.instant().plus(LIFE)))
                .build();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .type(new JOSEObjectType(TYPE))
                        .build(),
                claims);
        try {
            token.sign(signing.signer());
        } catch (JOSEException e) {
            throw new IllegalStateException("the key cannot sign", e);
        }
        return token.serialize();
    }

    /** Whether a text says that it is a token of a stream URL; proves nothing. */
    static boolean isStreamToken(String text) {
        int dot = text.indexOf('.');
        if (dot < 1) {
            return false;
        }
        try {
            return isOfType(JWSHeader.parse(new Base64URL(text.substring(0, dot))));
        } catch (ParseException | IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isOfType(JWSHeader header) {
        return header.getType() != null
                && TYPE.equalsIgnoreCase(header.getType().getType());
    }

    /** Looks at a token; never throws. */
    Reading read(String text) {
        try {
            SignedJWT token = SignedJWT.parse(text);
            if (!isOfType(token.getHeader()) || !isSignedHere(token)) {
                return new Reading.Bad("the stream token is not signed by this service; allowed: one of the last minute"
                        + " from its stream-url");
            }
            return judge(token.getJWTClaimsSet());
        } catch (ParseException | JOSEException | IllegalArgumentException e) {
            return new Reading.Bad("the stream token is malformed; allowed: one that was taken as it came");
        }
    }

    private boolean isSignedHere(SignedJWT token) throws JOSEException {
        if (!JWSAlgorithm.RS256.equals(token.getHeader().getAlgorithm())) {
            return false;
        }
        Key signing = key;
        Key last = previous;
        return (signing != null && token.verify(signing.verifier()))
                || (last != null
                        && clock.instant().isBefore(Objects.requireNonNull(last.goodUntil()))
                        && token.verify(last.verifier()));
    }

    private Reading judge(JWTClaimsSet claims) throws ParseException {
        Date expires = claims.getExpirationTime();
        String id = claims.getJWTID();
        String name = claims.getSubject();
        String callSid = claims.getStringClaim(CALL_CLAIM);
        if (expires == null || id == null || name == null || callSid == null) {
            return new Reading.Bad("the stream token lacks a claim; allowed: one from this service's stream-url");
        }
        Duration left = Duration.between(clock.instant(), expires.toInstant());
        if (left.isNegative() || left.isZero()) {
            return new Reading.Bad("the stream token is older than " + LIFE.toSeconds()
                    + " s; allowed: a new one from stream-url for each call");
        }
        String tenant = claims.getStringClaim(TokenMint.TENANT_CLAIM);
        return new Reading.Good(id, new Principal(name, Role.CALLER, tenant, callSid), left);
    }

    private static RSAPublicKey publicHalf(RSAPrivateKey key) {
        if (!(key instanceof RSAPrivateCrtKey whole)) {
            throw new IllegalArgumentException(
                    "the private key does not hold its public exponent; allowed: one as openssl genrsa writes it");
        }
        try {
            return (RSAPublicKey) KeyFactory.getInstance("RSA")
                    .generatePublic(new RSAPublicKeySpec(whole.getModulus(), whole.getPublicExponent()));
        } catch (NoSuchAlgorithmException | InvalidKeySpecException e) {
            throw new IllegalArgumentException("the private key has no public half that can be used", e);
        }
    }

    /** Shows nothing of the key. */
    @Override
    public String toString() {
        return "StreamTokens";
    }
}
