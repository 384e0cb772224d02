package io.rtaa.edge.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import io.rtaa.testsupport.SigningKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwtVerifierTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static KeyPair key;
    private static KeyPair other;

    @BeforeAll
    static void generateKeys() throws Exception {
        key = SigningKey.FIRST.pair();
        other = SigningKey.SECOND.pair();
    }

    static KeyPair generate(int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    static KeyPair elliptic(String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    static String pem(String label, Key key) {
        return pem(label, key.getEncoded());
    }

    static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label
                + "-----\n";
    }

    private static JwtVerifier verifier(String pem, TokenRules rules) {
        return new JwtVerifier(PublicKeys.ofPem(pem), rules, CLOCK);
    }

    private static JwtVerifier verifier() {
        return verifier(pem("PUBLIC KEY", key.getPublic()), TokenRules.ANY);
    }

    static Verification verify(TokenVerifier verifier, String token) {
        return verifier.verify(token).toCompletableFuture().join();
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .subject("tester")
                .claim("role", "viewer")
                .claim("tenant", "acme")
                .expirationTime(Date.from(NOW.plusSeconds(60)));
    }

    private static String sign(JWTClaimsSet claims, JWSAlgorithm algorithm, JWSSigner signer) throws Exception {
        SignedJWT jwt = new SignedJWT(new JWSHeader(algorithm), claims);
        jwt.sign(signer);
        return jwt.serialize();
    }

    private static String sign(JWTClaimsSet claims) throws Exception {
        return sign(claims, JWSAlgorithm.RS256, new RSASSASigner(key.getPrivate()));
    }

    private static void assertRejected(String token, String reason) {
        assertThat(verify(verifier(), token))
                .isInstanceOfSatisfying(
                        Verification.Rejected.class,
                        rejected -> assertThat(rejected.reason()).contains(reason));
    }

    @Test
    void takesWhatTheMintMakes() {
        Principal principal = new Principal("tester", Role.CALLER, "acme");
        String token = new TokenMint((RSAPrivateKey) key.getPrivate(), CLOCK).mint(principal, Duration.ofHours(1));
        assertThat(verify(verifier(), token)).isInstanceOfSatisfying(Verification.Verified.class, verified -> {
            assertThat(verified.expiresAt()).isEqualTo(NOW.plusSeconds(3600));
            assertThat(verified.claims())
                    .containsEntry("sub", "tester")
                    .containsEntry("role", "caller")
                    .containsEntry("tenant", "acme");
        });
    }

    @Test
    void theMintMakesNoTokenForATenantThatIsNoId() {
        TokenMint mint = new TokenMint((RSAPrivateKey) key.getPrivate(), CLOCK);
        for (String tenant : List.of(" ", "a\u0000b", "a".repeat(129))) {
            assertThatThrownBy(() -> mint.mint(new Principal("tester", Role.CALLER, tenant), Duration.ofHours(1)))
                    .hasMessageContaining("tenant ")
                    .hasMessageContaining("allowed: ");
        }
    }

    @Test
    void refusesATokenThatIsNotSigned() throws Exception {
        assertRejected(new PlainJWT(claims().build()).serialize(), "RS256");
        String[] signed = sign(claims().build()).split("\\.", -1);
        String none = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
        for (String signature : List.of("", "." + signed[2], ".")) {
            assertRejected(none + "." + signed[1] + signature, "RS256");
        }
        assertRejected(signed[0] + "." + signed[1] + ".", "RS256");
        assertRejected(signed[0] + "." + signed[1], "RS256");
    }

    @Test
    void refusesATokenThatIsSignedWithThePublicKeyAsASecret() throws Exception {
        String pem = pem("PUBLIC KEY", key.getPublic());
        for (byte[] secret :
                List.of(pem.getBytes(StandardCharsets.UTF_8), key.getPublic().getEncoded())) {
            for (JWSAlgorithm algorithm : List.of(JWSAlgorithm.HS256, JWSAlgorithm.HS384, JWSAlgorithm.HS512)) {
                assertRejected(sign(claims().build(), algorithm, new MACSigner(secret)), "RS256");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256"})
    void takesTheAlgorithmsOfAnRsaKey(String algorithm) throws Exception {
        String token = sign(claims().build(), new JWSAlgorithm(algorithm), new RSASSASigner(key.getPrivate()));
        assertThat(verify(verifier(), token)).isInstanceOf(Verification.Verified.class);
    }

    @ParameterizedTest
    @CsvSource({"secp256r1, ES256", "secp384r1, ES384", "secp521r1, ES512"})
    void takesTheAlgorithmOfACurve(String curve, String algorithm) throws Exception {
        KeyPair elliptic = elliptic(curve);
        String token = sign(
                claims().build(), new JWSAlgorithm(algorithm), new ECDSASigner((ECPrivateKey) elliptic.getPrivate()));
        JwtVerifier both =
                verifier(pem("PUBLIC KEY", key.getPublic()) + pem("PUBLIC KEY", elliptic.getPublic()), TokenRules.ANY);
        assertThat(verify(both, token)).isInstanceOf(Verification.Verified.class);
        assertThat(verify(both, sign(claims().build()))).isInstanceOf(Verification.Verified.class);
        assertRejected(token, "RS256");
    }

    @Test
    void refusesAlgorithmsThatAreNotTaken() throws Exception {
        for (JWSAlgorithm algorithm : List.of(JWSAlgorithm.PS384, JWSAlgorithm.PS512)) {
            assertRejected(sign(claims().build(), algorithm, new RSASSASigner(key.getPrivate())), "RS256");
        }
    }

    @Test
    void refusesAnEllipticSignatureOfZeros() throws Exception {
        KeyPair elliptic = elliptic("secp256r1");
        String[] token = sign(
                        claims().build(), JWSAlgorithm.ES256, new ECDSASigner((ECPrivateKey) elliptic.getPrivate()))
                .split("\\.", -1);
        String zeros = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[64]);
        JwtVerifier verifier = verifier(pem("PUBLIC KEY", elliptic.getPublic()), TokenRules.ANY);
        assertThat(verify(verifier, token[0] + "." + token[1] + "." + zeros)).isInstanceOf(Verification.Rejected.class);
    }

    @Test
    void takesNoKeyThatATokenBrings() throws Exception {
        RSAKey own = new RSAKey.Builder((RSAPublicKey) other.getPublic()).build();
        for (JWSHeader header : List.of(
                new JWSHeader.Builder(JWSAlgorithm.RS256).jwk(own).build(),
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .jwkURL(URI.create("http://127.0.0.1:1/jwks"))
                        .build())) {
            SignedJWT token = new SignedJWT(header, claims().build());
            token.sign(new RSASSASigner(other.getPrivate()));
            assertRejected(token.serialize(), "known key");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "jwt", "at+jwt"})
    void takesTheTypesOfTokens(String type) throws Exception {
        assertThat(verify(verifier(), ofType(type))).isInstanceOf(Verification.Verified.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rtaa-stream+jwt", "dpop+jwt", "logout+jwt", "JOSE", "application/at+jwt", " "})
    void refusesTokensThatAreMeantForSomethingElse(String type) throws Exception {
        assertRejected(ofType(type), "of another type");
    }

    private static String ofType(String type) throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .type(new JOSEObjectType(type))
                        .build(),
                claims().build());
        token.sign(new RSASSASigner(key.getPrivate()));
        return token.serialize();
    }

    @Test
    void refusesATokenWithAnExtensionThatItWouldHaveToUnderstand() throws Exception {
        for (String extension : List.of("exp", "b64", "https://example.org/ext")) {
            JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.RS256).criticalParams(Set.of(extension));
            if (extension.equals("b64")) {
                header.base64URLEncodePayload(true);
            } else {
                header.customParam(extension, 1);
            }
            SignedJWT token = new SignedJWT(header.build(), claims().build());
            token.sign(new RSASSASigner(key.getPrivate()));
            assertRejected(token.serialize(), "malformed");
        }
    }

    @Test
    void refusesATokenThatSaysAClaimTwice() throws Exception {
        assertRejected(signText("{\"role\":\"viewer\",\"role\":\"admin\",\"exp\":4102444800}"), "malformed");
        assertRejected(signText("{\"exp\":1,\"exp\":4102444800}"), "malformed");
    }

    @Test
    void refusesClaimsOfAWrongKind() throws Exception {
        for (String claims : List.of(
                "{\"exp\":\"never\"}",
                "{\"exp\":null}",
                "{\"exp\":[4102444800]}",
                "{\"exp\":1e300}",
                "{\"exp\":-1e300}",
                "{\"exp\":9223372036854775807,\"nbf\":9223372036854775807}",
                "{\"exp\":4102444800,\"nbf\":{}}",
                "{\"exp\":4102444800,\"sub\":{}}",
                "[]",
                "null",
                "",
                "{\"exp\":4102444800,\"a\":" + "[".repeat(2500) + "]".repeat(2500) + "}",
                "{\"exp\":4102444800,\"a\":" + "{\"a\":".repeat(800) + "1" + "}".repeat(800) + "}")) {
            assertThat(verify(verifier(), signText(claims))).as(claims).isInstanceOf(Verification.Rejected.class);
        }
    }

    /** A token whose claims are what they are, signed all the same. */
    private static String signText(String claims) throws Exception {
        JWSObject token = new JWSObject(new JWSHeader(JWSAlgorithm.RS256), new Payload(claims));
        token.sign(new RSASSASigner(key.getPrivate()));
        return token.serialize();
    }

    @Test
    void asksForTheIssuerAndTheAudienceThatAreSet() throws Exception {
        TokenRules rules = new TokenRules("https://id.example/a", "rtaa");
        JwtVerifier strict = verifier(pem("PUBLIC KEY", key.getPublic()), rules);
        JWTClaimsSet.Builder good = claims().issuer("https://id.example/a");
        assertThat(verify(strict, sign(good.audience("rtaa").build()))).isInstanceOf(Verification.Verified.class);
        assertThat(verify(strict, sign(good.audience(List.of("crm", "rtaa")).build())))
                .isInstanceOf(Verification.Verified.class);
        for (JWTClaimsSet foreign : List.of(
                good.audience("crm").build(),
                good.audience((String) null).build(),
                good.audience("rtaa2").build())) {
            assertThat(verify(strict, sign(foreign)))
                    .isEqualTo(new Verification.Rejected(
                            "the token is for another audience (aud); allowed: that of JWT_AUDIENCE"));
        }
        for (String issuer :
                Arrays.asList("https://id.example/b", "https://id.example/a/", "HTTPS://id.example/a", null)) {
            assertThat(verify(
                            strict,
                            sign(claims().audience("rtaa").issuer(issuer).build())))
                    .isEqualTo(new Verification.Rejected(
                            "the token's issuer (iss) is missing or another one; allowed: that of JWT_ISSUER"));
        }
    }

    @Test
    void newKeysTakeThePlaceOfTheOldOnes() throws Exception {
        JwtVerifier verifier = verifier();
        String old = sign(claims().build());
        String next = sign(claims().build(), JWSAlgorithm.RS256, new RSASSASigner(other.getPrivate()));
        assertThat(verify(verifier, next)).isInstanceOf(Verification.Rejected.class);

        verifier.replaceKeys(PublicKeys.ofPem(pem("PUBLIC KEY", other.getPublic())));

        assertThat(verify(verifier, next)).isInstanceOf(Verification.Verified.class);
        assertThat(verify(verifier, old)).isInstanceOf(Verification.Rejected.class);
    }

    @Test
    void refusesAnotherKeyAndGarbage() throws Exception {
        assertRejected(sign(claims().build(), JWSAlgorithm.RS256, new RSASSASigner(other.getPrivate())), "known key");
        for (String garbage : List.of("", "x", "a.b.c", "..", "🙂", "e30.e30.", "a".repeat(9000))) {
            assertRejected(garbage, "the token");
        }
    }

    @Test
    void refusesWrongTimes() throws Exception {
        assertRejected(
                sign(claims().expirationTime(Date.from(NOW.minusSeconds(31))).build()), "expired");
        assertRejected(sign(claims().expirationTime(null).build()), "no exp");
        assertRejected(
                sign(claims().notBeforeTime(Date.from(NOW.plusSeconds(31))).build()), "used before");
    }

    @Test
    void toleratesClocksABitApart() throws Exception {
        String token = sign(claims().expirationTime(Date.from(NOW.minusSeconds(29)))
                .notBeforeTime(Date.from(NOW.minusSeconds(60)))
                .build());
        assertThat(verify(verifier(), token)).isInstanceOf(Verification.Verified.class);
    }

    @Test
    void takesATokenThatNamesAKeyIdAsOtherIssuersDo() throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("2026-01").build(), claims().build());
        token.sign(new RSASSASigner(key.getPrivate()));
        assertThat(verify(verifier(), token.serialize())).isInstanceOf(Verification.Verified.class);
    }

    @Test
    void takesTokensOfBothKeysDuringARotation() throws Exception {
        String pem = pem("PUBLIC KEY", other.getPublic()) + pem("PUBLIC KEY", key.getPublic());
        JwtVerifier verifier = verifier(pem.replace("\n", "\\n"), TokenRules.ANY);
        String old = sign(claims().build(), JWSAlgorithm.RS256, new RSASSASigner(other.getPrivate()));
        assertThat(verify(verifier, old)).isInstanceOf(Verification.Verified.class);
        assertThat(verify(verifier, sign(claims().build()))).isInstanceOf(Verification.Verified.class);
    }
}
