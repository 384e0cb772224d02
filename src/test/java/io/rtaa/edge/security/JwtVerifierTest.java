package io.rtaa.edge.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JwtVerifierTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static KeyPair key;
    private static KeyPair other;

    @BeforeAll
    static void generateKeys() throws Exception {
        key = generate(2048);
        other = generate(2048);
    }

    static KeyPair generate(int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    static String pem(String label, Key key) {
        return pem(label, key.getEncoded());
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label
                + "-----\n";
    }

    private static JwtVerifier verifier() {
        return new JwtVerifier(RsaKeys.publicKeys(pem("PUBLIC KEY", key.getPublic())), CLOCK);
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
        assertThat(verifier().verify(token))
                .isInstanceOfSatisfying(
                        Verification.Rejected.class,
                        rejected -> assertThat(rejected.reason()).contains(reason));
    }

    @Test
    void takesWhatTheMintMakes() {
        Principal principal = new Principal("tester", Role.CALLER, "acme");
        String token = new TokenMint((RSAPrivateKey) key.getPrivate(), CLOCK).mint(principal, Duration.ofHours(1));
        assertThat(verifier().verify(token)).isInstanceOfSatisfying(Verification.Verified.class, verified -> {
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
    void refusesOtherAlgorithms() throws Exception {
        assertRejected(new PlainJWT(claims().build()).serialize(), "RS256");
        byte[] publicKey = pem("PUBLIC KEY", key.getPublic()).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        assertRejected(sign(claims().build(), JWSAlgorithm.HS256, new MACSigner(publicKey)), "RS256");
        assertRejected(
                sign(
                        claims().build(),
                        JWSAlgorithm.HS256,
                        new MACSigner(key.getPublic().getEncoded())),
                "RS256");
        assertRejected(sign(claims().build(), JWSAlgorithm.RS512, new RSASSASigner(key.getPrivate())), "RS256");
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
        assertThat(verifier().verify(token)).isInstanceOf(Verification.Verified.class);
    }

    @Test
    void takesATokenThatNamesAKeyIdAsOtherIssuersDo() throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("2026-01").build(), claims().build());
        token.sign(new RSASSASigner(key.getPrivate()));
        assertThat(verifier().verify(token.serialize())).isInstanceOf(Verification.Verified.class);
    }

    @Test
    void takesTokensOfBothKeysDuringARotation() throws Exception {
        String pem = pem("PUBLIC KEY", other.getPublic()) + pem("PUBLIC KEY", key.getPublic());
        JwtVerifier verifier = new JwtVerifier(RsaKeys.publicKeys(pem.replace("\n", "\\n")), CLOCK);
        String old = sign(claims().build(), JWSAlgorithm.RS256, new RSASSASigner(other.getPrivate()));
        assertThat(verifier.verify(old)).isInstanceOf(Verification.Verified.class);
        assertThat(verifier.verify(sign(claims().build()))).isInstanceOf(Verification.Verified.class);
    }

    @Test
    void refusesWeakKeysAndWhatIsNone() throws Exception {
        String weak = pem("PUBLIC KEY", generate(1024).getPublic());
        assertThatThrownBy(() -> RsaKeys.publicKeys(weak)).hasMessageContaining("1024 bits");
        assertThatThrownBy(() -> RsaKeys.publicKeys("/no/such/file")).hasMessageContaining("neither");
        assertThatThrownBy(() -> RsaKeys.publicKeys(pem("PRIVATE KEY", key.getPrivate())))
                .hasMessageContaining("allowed: PUBLIC KEY");
        assertThatThrownBy(() -> RsaKeys.publicKeys(pem("PUBLIC KEY", new byte[20])))
                .hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> RsaKeys.publicKeys(pem("CERTIFICATE", new byte[20])))
                .hasMessageContaining("cannot be read");
        PublicKey elliptic =
                KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic();
        assertThatThrownBy(() -> RsaKeys.publicKeys(pem("PUBLIC KEY", elliptic)))
                .hasMessageContaining("PEM block 1 (PUBLIC KEY) cannot be read as an RSA public key");
    }

    @Test
    void refusesPrivateKeysThatCannotSign() throws Exception {
        String good = pem("PRIVATE KEY", key.getPrivate());
        assertThatThrownBy(() -> RsaKeys.privateKey(good + good)).hasMessageContaining("2 PEM blocks");
        assertThatThrownBy(() -> RsaKeys.privateKey(good.replace("PRIVATE", "ENCRYPTED PRIVATE")))
                .hasMessageContaining("not encrypted");
        String weak = pem("PRIVATE KEY", generate(1024).getPrivate());
        assertThatThrownBy(() -> RsaKeys.privateKey(weak)).hasMessageContaining("1024 bits");
        String elliptic = pem(
                "PRIVATE KEY",
                KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate());
        String pss = pem(
                "PRIVATE KEY",
                KeyPairGenerator.getInstance("RSASSA-PSS").generateKeyPair().getPrivate());
        for (String unreadable : List.of(elliptic, pss, pem("PRIVATE KEY", new byte[20]), good.replace("M", "?"))) {
            assertThatThrownBy(() -> RsaKeys.privateKey(unreadable))
                    .hasMessage("the private key cannot be read as an RSA key");
        }
    }

    @Test
    void readsKeysThatAreIndentedOrOnOneLine() {
        for (String space : List.of(" ", "\n    ", " \r\n", "\\n")) {
            assertThat(RsaKeys.privateKey(pem("PRIVATE KEY", key.getPrivate())
                            .replace("\r", "")
                            .replace("\n", space)))
                    .isEqualTo(key.getPrivate());
            assertThat(RsaKeys.publicKeys(
                            pem("PUBLIC KEY", key.getPublic()).replace("\r", "").replace("\n", space)))
                    .containsExactly((RSAPublicKey) key.getPublic());
        }
    }

    @Test
    void noErrorHoldsAKeyThatWasPastedWithoutItsFrame() {
        String pasted = Base64.getEncoder().encodeToString(key.getPrivate().getEncoded());
        for (String secret : List.of(pasted, pasted + "\u0000")) {
            assertThatThrownBy(() -> RsaKeys.privateKey(secret))
                    .hasMessageContaining("neither PEM text nor a file")
                    .hasNoCause();
        }
    }

    @Test
    void readsPkcs1PrivateKeys() {
        byte[] pkcs8 = key.getPrivate().getEncoded();
        String pem = pem("RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, 26, pkcs8.length));
        assertThat(RsaKeys.privateKey(pem).getModulus()).isEqualTo(((RSAPublicKey) key.getPublic()).getModulus());
    }
}
