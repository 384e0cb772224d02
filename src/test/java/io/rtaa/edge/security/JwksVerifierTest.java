package io.rtaa.edge.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.testsupport.JwksStandIn;
import io.rtaa.testsupport.SigningKey;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Tokens of an issuer whose keys are fetched, from a real server. */
@ExtendWith(OutputCaptureExtension.class)
class JwksVerifierTest {

    /** Nothing is fetched but what a token asks for. */
    private static final JwksVerifier.Times ON_DEMAND = new JwksVerifier.Times(
            Duration.ofHours(1),
            Duration.ofHours(1),
            Duration.ofSeconds(30),
            Duration.ofMillis(500),
            Duration.ofHours(4));

    private static RSAKey first;
    private static RSAKey second;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<JwksVerifier> verifiers = new ArrayList<>();
    private JwksStandIn issuer;

    @BeforeAll
    static void generateKeys() {
        first = JwksStandIn.key("first", SigningKey.FIRST);
        second = JwksStandIn.key("second", SigningKey.SECOND);
    }

    @BeforeEach
    void start() throws Exception {
        issuer = JwksStandIn.start();
    }

    @AfterEach
    void close() {
        verifiers.forEach(JwksVerifier::close);
        issuer.close();
    }

    private JwksVerifier verifier(JwksVerifier.Times times) {
        JwksVerifier verifier =
                new JwksVerifier(issuer.url(), TokenRules.ANY, times, Clock.systemUTC(), new JwksMeters(registry));
        verifiers.add(verifier);
        return verifier;
    }

    /** A verifier that has fetched the keys that are published now. */
    private JwksVerifier verifierWithKeys(JwksVerifier.Times times) {
        JwksVerifier verifier = verifier(times);
        await().until(() -> fetches("fetched") == 1);
        return verifier;
    }

    private static JWTClaimsSet claims() {
        return new JWTClaimsSet.Builder()
                .claim("role", "admin")
                .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                .build();
    }

    private static String tokenOf(RSAKey key) {
        return JwksStandIn.sign(key, claims());
    }

    private static Verification verify(JwksVerifier verifier, String token) throws Exception {
        return verifier.verify(token).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private double fetches(String result) {
        return registry.get("rtaa.jwks.fetches").tag("result", result).counter().count();
    }

    @Test
    void verifiesAtOnceByAKeyThatIsHere() {
        issuer.publish(first, second);
        JwksVerifier verifier = verifierWithKeys(ON_DEMAND);

        for (RSAKey key : List.of(first, second)) {
            CompletableFuture<Verification> verification =
                    verifier.verify(tokenOf(key)).toCompletableFuture();
            assertThat(verification.isDone()).isTrue();
            assertThat(verification.join()).isInstanceOf(Verification.Verified.class);
        }
        assertThat(issuer.requests()).isOne();
        assertThat(registry.get("rtaa.jwks.age").gauge().value()).isPositive();
    }

    @Test
    void aTokenThatComesBeforeTheFirstKeysWaitsForThemWithoutHoldingItsThread() throws Exception {
        CompletableFuture<Void> go = new CompletableFuture<>();
        String set = new JWKSet(first).toString(true);
        issuer.answer(request -> {
            go.join();
            JwksStandIn.send(request, 200, set);
        });
        JwksVerifier verifier = verifier(JwksVerifier.Times.DEFAULT);

        String token = tokenOf(first);
        List<CompletableFuture<Verification>> waiting = IntStream.range(0, 50)
                .mapToObj(each -> verifier.verify(token).toCompletableFuture())
                .toList();
        assertThat(waiting).noneMatch(CompletableFuture::isDone);
        go.complete(null);

        for (CompletableFuture<Verification> each : waiting) {
            assertThat(each.get(10, TimeUnit.SECONDS)).isInstanceOf(Verification.Verified.class);
        }
        assertThat(issuer.requests()).isOne();
    }

    @Test
    void aKeyThatWasAddedIsFetchedWithItsFirstToken() throws Exception {
        issuer.publish(first);
        JwksVerifier verifier = verifierWithKeys(ON_DEMAND);

        issuer.publish(first, second);

        assertThat(verify(verifier, tokenOf(second))).isInstanceOf(Verification.Verified.class);
        assertThat(verify(verifier, tokenOf(first))).isInstanceOf(Verification.Verified.class);
        assertThat(issuer.requests()).isEqualTo(2);
    }

    @Test
    void aKeyThatWasTakenBackIsForgottenOnSchedule() throws Exception {
        issuer.publish(first, second);
        JwksVerifier verifier = verifierWithKeys(new JwksVerifier.Times(
                Duration.ofMillis(200),
                Duration.ofMillis(50),
                Duration.ofMillis(100),
                Duration.ofSeconds(3),
                Duration.ofHours(4)));

        issuer.publish(second);

        await().untilAsserted(
                        () -> assertThat(verify(verifier, tokenOf(first))).isInstanceOf(Verification.Rejected.class));
        assertThat(verify(verifier, tokenOf(second))).isInstanceOf(Verification.Verified.class);
    }

    @Test
    void madeUpKeyNamesCostTheIssuerTwoFetchesAndKnownOnesNothing() throws Exception {
        issuer.publish(first);
        JwksVerifier verifier = verifierWithKeys(ON_DEMAND);

        String known = tokenOf(first);
        for (int each = 0; each < 20; each++) {
            RSAKey madeUp = new RSAKey.Builder(second).keyID("made-up-" + each).build();
            assertThat(verify(verifier, tokenOf(madeUp))).isInstanceOf(Verification.Rejected.class);
            assertThat(verify(verifier, known)).isInstanceOf(Verification.Verified.class);
        }

        assertThat(issuer.requests()).isEqualTo(2);
    }

    /** What goes wrong on the other side. */
    enum Trouble {
        DOWN,
        ERROR,
        SLOW,
        DRIPPING,
        HUGE,
        GARBAGE,
        BYTE_ORDER_MARK,
        EMPTY,
        REDIRECT
    }

    private void trouble(Trouble what) {
        switch (what) {
            case DOWN -> issuer.answer(request -> request.close());
            case ERROR -> issuer.answer(request -> JwksStandIn.send(request, 500, "no"));
            case SLOW -> issuer.hang();
            case DRIPPING ->
                issuer.answer(request -> {
                    request.sendResponseHeaders(200, 0);
                    OutputStream out = request.getResponseBody();
                    out.write('{');
                    out.flush();
                    issuer.hold();
                });
            case HUGE ->
                issuer.answer(request -> {
                    request.sendResponseHeaders(200, 0);
                    OutputStream out = request.getResponseBody();
                    byte[] blanks = " ".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);
                    for (int written = 0; written < 1000; written++) {
                        out.write(blanks);
                    }
                });
            case GARBAGE -> issuer.answer(request -> JwksStandIn.send(request, 200, "<html>login</html>"));
            case BYTE_ORDER_MARK -> issuer.answer(request -> JwksStandIn.send(request, 200, "\ufeff"));
            case EMPTY -> issuer.publish();
            case REDIRECT -> {
                String set = new JWKSet(second).toString(true);
                issuer.answer(request -> {
                    if (request.getRequestURI().getPath().equals("/elsewhere")) {
                        JwksStandIn.send(request, 200, set);
                    } else {
                        request.getResponseHeaders().add("Location", "/elsewhere");
                        JwksStandIn.send(request, 302, "");
                    }
                });
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void keysThatAreHereStayWhateverTheAddressAnswers(Trouble what, CapturedOutput output) throws Exception {
        issuer.publish(first);
        JwksVerifier verifier = verifierWithKeys(ON_DEMAND);

        trouble(what);

        assertThat(verify(verifier, tokenOf(second))).isInstanceOf(Verification.Unavailable.class);
        CompletableFuture<Verification> known = verifier.verify(tokenOf(first)).toCompletableFuture();
        assertThat(known.isDone()).isTrue();
        assertThat(known.join()).isInstanceOf(Verification.Verified.class);
        assertThat(fetches("failed")).isPositive();
        assertThat(output).contains("The JWK set cannot be fetched; the keys that are here stay: ");
        assertThat(verifier.fault()).isNull();
        assertThat(verifier.note()).contains("cannot be fetched again");
    }

    @ParameterizedTest
    @EnumSource
    void withoutAnyKeysNothingCanBeSaidOfATokenAndTheThreadThatAskedGoesOn(Trouble what) throws Exception {
        trouble(what);
        JwksVerifier verifier = verifier(ON_DEMAND);

        CompletableFuture<Verification> verification =
                verifier.verify(tokenOf(first)).toCompletableFuture();

        assertThat(verification.get(10, TimeUnit.SECONDS)).isInstanceOf(Verification.Unavailable.class);
        assertThat(verifier.fault()).contains("the keys that verify tokens are not here");
    }

    @Test
    void keysThatCannotBeFetchedAnyMoreCountForAWhile() throws Exception {
        issuer.publish(first);
        JwksVerifier.Times times = new JwksVerifier.Times(
                Duration.ofHours(1),
                Duration.ofHours(1),
                Duration.ofMillis(50),
                Duration.ofMillis(500),
                Duration.ofHours(4));
        AtomicLong passed = new AtomicLong();
        JwksVerifier verifier = new JwksVerifier(
                issuer.url(),
                TokenRules.ANY,
                times,
                Clock.systemUTC(),
                new JwksMeters(registry),
                () -> System.nanoTime() + passed.get());
        verifiers.add(verifier);
        await().until(() -> fetches("fetched") == 1);

        issuer.answer(request -> JwksStandIn.send(request, 503, "down"));

        passed.set(times.outage().minusMinutes(1).toNanos());
        assertThat(verify(verifier, tokenOf(first))).isInstanceOf(Verification.Verified.class);
        passed.set(times.outage().toNanos());
        assertThat(verify(verifier, tokenOf(first))).isInstanceOf(Verification.Unavailable.class);
        issuer.publish(first);
        await().untilAsserted(
                        () -> assertThat(verify(verifier, tokenOf(first))).isInstanceOf(Verification.Verified.class));
    }

    @Test
    void takesNoKeyThatIsSymmetricWeakOrForSomethingElse() throws Exception {
        OctetSequenceKey secret =
                new OctetSequenceKeyGenerator(256).keyID("secret").generate();
        RSAKey weak = new RSAKeyGenerator(1024, true).keyID("weak").generate();
        RSAKey encrypting = new RSAKey.Builder(second)
                .keyID("enc")
                .keyUse(KeyUse.ENCRYPTION)
                .build();
        String set = new JWKSet(List.of(first, secret, weak, encrypting)).toString(false);
        issuer.answer(request -> JwksStandIn.send(request, 200, set));
        JwksVerifier verifier = verifierWithKeys(ON_DEMAND);

        SignedJWT bySecret = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("secret").build(), claims());
        bySecret.sign(new MACSigner(secret));
        SignedJWT byWeak = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("weak").build(), claims());
        byWeak.sign(new RSASSASigner(weak.toPrivateKey(), Set.of(AllowWeakRSAKey.getInstance())));

        assertThat(verify(verifier, bySecret.serialize())).isInstanceOf(Verification.Rejected.class);
        assertThat(verify(verifier, byWeak.serialize())).isInstanceOf(Verification.Rejected.class);
        assertThat(verify(verifier, tokenOf(encrypting))).isInstanceOf(Verification.Rejected.class);
        assertThat(verify(verifier, tokenOf(first))).isInstanceOf(Verification.Verified.class);
    }

    @Test
    void whatNoKeyCanHelpIsRejectedAtOnce() {
        issuer.hang();
        JwksVerifier verifier = verifier(ON_DEMAND);

        for (String garbage : List.of("", "x", "a.b.c", "e30.e30.", "a".repeat(9000), "a".repeat(9000) + ".b.c")) {
            CompletableFuture<Verification> verification =
                    verifier.verify(garbage).toCompletableFuture();
            assertThat(verification.isDone()).isTrue();
            assertThat(verification.join()).isInstanceOf(Verification.Rejected.class);
        }
    }
}
