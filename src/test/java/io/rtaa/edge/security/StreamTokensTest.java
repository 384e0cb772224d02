package io.rtaa.edge.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.PlainHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.call.HandshakeGuard.Verdict;
import io.rtaa.call.HandshakeGuard.Verdict.Granted;
import io.rtaa.call.HandshakeGuard.Verdict.Refused;
import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whom the token of a stream URL lets in, where and how often, by the product's handshake routes. */
class StreamTokensTest {

    private static final Principal ASKER = new Principal("asker", Role.ADMIN, "acme");
    private static final String ENDPOINT = "/v1/exotel";

    private static KeyPair other;

    private final SettableClock clock = new SettableClock();
    private final StreamTokens tokens = new StreamTokens(HandshakeRoutes.privateKey(), clock);

    @BeforeAll
    static void generateKey() throws Exception {
        other = JwtVerifierTest.generate(2048);
    }

    /** Stands still until a test moves it. */
    private static final class SettableClock extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @Test
    void aTokenLetsACallerOfTheAskersTenantInForTheCallItWasAskedFor() throws Exception {
        try (HandshakeRoutes routes = HandshakeRoutes.withStreamTokens(tokens, clock)) {
            Verdict verdict = routes.withQueryToken("exotel", ENDPOINT, tokens.mint(ASKER, "CA1"), true);

            assertThat(granted(verdict).principal()).isEqualTo(new Principal("asker", Role.CALLER, "acme", "CA1"));
        }
    }

    @Test
    void aTokenOpensNothingElse() throws Exception {
        // The key that signs stream tokens is one that other tokens are verified with.
        String token = tokens.mint(ASKER, "CA1");
        try (HandshakeRoutes routes = HandshakeRoutes.withStreamTokens(tokens, clock)) {
            Map<String, List<String>> bearer = HandshakeRoutes.authorization("Bearer " + token);
            Map<String, List<String>> subprotocol = Map.of("sec-websocket-protocol", List.of("bearer, " + token));
            for (Verdict verdict : List.of(
                    routes.withQueryToken("exotel", "/v1/exotel/stream-url", token, false),
                    routes.withQueryToken("exotel", "/v1/exotel", token, false),
                    routes.withQueryToken("exotel", "/v1/other", token, true),
                    routes.withQueryToken("caller", "/v1/ingest", token, true),
                    routes.withQueryToken("viewer", "/v1/transcripts", token, true),
                    routes.exotel(null, bearer),
                    routes.caller(bearer),
                    routes.caller(subprotocol),
                    routes.viewer(null, bearer),
                    routes.viewer(null, subprotocol))) {
                assertThat(refused(verdict).status()).isEqualTo(401);
                assertThat(refused(verdict).reason()).doesNotContain(token);
            }
        }
        assertThat(HandshakeRoutes.tokens().verify(token).toCompletableFuture().join())
                .isInstanceOf(Verification.Rejected.class);
    }

    @Test
    void aTokenIsGoodForAMinute() throws Exception {
        String token = tokens.mint(ASKER, "CA1");
        try (HandshakeRoutes routes = HandshakeRoutes.withStreamTokens(tokens, clock)) {
            clock.now = clock.now.plusSeconds(59);
            granted(routes.withQueryToken("exotel", ENDPOINT, token, true))
                    .release()
                    .run();
            clock.now = clock.now.plusSeconds(1);

            Refused late = refused(routes.withQueryToken("exotel", ENDPOINT, token, true));

            assertThat(late.status()).isEqualTo(401);
            assertThat(late.reason()).contains("older than 60 s", "stream-url");
        }
    }

    @Test
    void aTokenOpensEightSocketsAndARefusedOrFailedHandshakeUsesNoneUp() throws Exception {
        String token = tokens.mint(ASKER, "CA1");
        try (HandshakeRoutes routes = HandshakeRoutes.withStreamTokens(tokens, clock)) {
            assertThat(routes.liveLegs.tryAdmit()).isTrue();
            for (int full = 0; full < 10; full++) {
                assertThat(refused(routes.withQueryToken("exotel", ENDPOINT, token, true))
                                .status())
                        .isEqualTo(503);
            }
            routes.liveLegs.release();
            for (int failed = 0; failed < 10; failed++) {
                granted(routes.withQueryToken("exotel", ENDPOINT, token, true))
                        .release()
                        .run();
            }
            for (int socket = 0; socket < 8; socket++) {
                Granted opened = granted(routes.withQueryToken("exotel", ENDPOINT, token, true));
                opened.opened().run();
                opened.release().run();
            }

            assertThat(refused(routes.withQueryToken("exotel", ENDPOINT, token, true)))
                    .returns(403, Refused::status)
                    .extracting(Refused::reason)
                    .asString()
                    .contains("8 sockets");
            assertThat(granted(routes.withQueryToken("exotel", ENDPOINT, tokens.mint(ASKER, "CA1"), true)))
                    .isNotNull();
        }
    }

    @Test
    void whatTheServiceDidNotSignIsRefused() throws Exception {
        JWTClaimsSet claims = SignedJWT.parse(tokens.mint(ASKER, "CA1")).getJWTClaimsSet();
        String real = tokens.mint(ASKER, "CA1");
        List<String> forged = new ArrayList<>();
        forged.add(sign(claims, JWSAlgorithm.RS256, new RSASSASigner(other.getPrivate())));
        forged.add(sign(claims, JWSAlgorithm.RS512, new RSASSASigner(HandshakeRoutes.privateKey())));
        forged.add(sign(
                claims,
                JWSAlgorithm.HS256,
                new MACSigner(
                        JwtVerifierTest.pem("PUBLIC KEY", other.getPublic()).getBytes(StandardCharsets.UTF_8))));
        forged.add(new PlainJWT(
                        new PlainHeader.Builder()
                                .type(new JOSEObjectType("rtaa-stream+jwt"))
                                .build(),
                        claims)
                .serialize());
        forged.add(real.substring(0, real.length() - 4) + "AAAA");
        forged.add(real.substring(0, real.indexOf('.') + 1));
        for (String claim : List.of("jti", "sub", "call_sid", "exp")) {
            JWTClaimsSet lacking =
                    new JWTClaimsSet.Builder(claims).claim(claim, null).build();
            forged.add(sign(lacking, JWSAlgorithm.RS256, new RSASSASigner(HandshakeRoutes.privateKey())));
        }
        try (HandshakeRoutes routes = HandshakeRoutes.withStreamTokens(tokens, clock)) {
            for (String token : forged) {
                Refused refused = refused(routes.withQueryToken("exotel", ENDPOINT, token, true));
                assertThat(refused.status()).as(token).isEqualTo(401);
                assertThat(refused.reason()).doesNotContain(token);
            }
        }
    }

    @Test
    void aTokenOfTheServiceWithoutThatTypeIsNoStreamToken() throws Exception {
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .subject("x")
                .jwtID("x")
                .claim("call_sid", "CA1")
                .expirationTime(Date.from(clock.now.plusSeconds(60)))
                .build();
        SignedJWT ordinary = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .type(JOSEObjectType.JWT)
                        .build(),
                claims);
        ordinary.sign(new RSASSASigner(HandshakeRoutes.privateKey()));

        assertThat(tokens.read(ordinary.serialize())).isInstanceOf(StreamTokens.Reading.Bad.class);
        assertThat(StreamTokens.isStreamToken(ordinary.serialize())).isFalse();
    }

    @Test
    void aKeyThatWasReplacedVerifiesWhatItSignedForAnotherMinute() {
        String before = tokens.mint(ASKER, "CA1");
        tokens.replaceKey(JwtVerifierTest.pem("PRIVATE KEY", other.getPrivate()));
        assertThat(tokens.read(before)).isInstanceOf(StreamTokens.Reading.Good.class);
        String after = tokens.mint(ASKER, "CA1");
        assertThat(new StreamTokens((RSAPrivateKey) other.getPrivate(), clock).read(after))
                .isInstanceOf(StreamTokens.Reading.Good.class);

        clock.now = clock.now.plus(Duration.ofSeconds(61));

        String byTheOldKey = new StreamTokens(HandshakeRoutes.privateKey(), clock).mint(ASKER, "CA1");
        assertThat(tokens.read(byTheOldKey)).isInstanceOf(StreamTokens.Reading.Bad.class);
        assertThat(tokens.read(tokens.mint(ASKER, "CA1"))).isInstanceOf(StreamTokens.Reading.Good.class);
    }

    @Test
    void aKeyThatCannotBeUsedLeavesTheOldOne() {
        assertThatThrownBy(() -> tokens.replaceKey(JwtVerifierTest.pem("PUBLIC KEY", other.getPublic())))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(tokens.read(tokens.mint(ASKER, "CA1"))).isInstanceOf(StreamTokens.Reading.Good.class);
    }

    @Test
    void whileTheSharedCountIsAwayTheProcessCountsAlone() {
        StreamTokenMeters meters = new StreamTokenMeters(new SimpleMeterRegistry());
        SharedUses uses = new SharedUses(
                (id, most, kept) -> CompletableFuture.failedStage(new IllegalStateException("away")),
                new ProcessUses(clock),
                meters);

        for (int i = 0; i < 8; i++) {
            assertThat(uses.take("token", 8, StreamTokens.LIFE).toCompletableFuture())
                    .isCompletedWithValueMatching(Optional::isPresent);
        }

        assertThat(uses.take("token", 8, StreamTokens.LIFE).toCompletableFuture())
                .isCompletedWithValueMatching(Optional::isEmpty);
        assertThat(meters.countedAlone.count()).isEqualTo(9);
    }

    @Test
    void usesAreForgottenAndTheirMemoryIsBounded() {
        ProcessUses uses = new ProcessUses(clock);
        for (int i = 0; i < ProcessUses.MAX_REMEMBERED + 10; i++) {
            uses.take("token-" + i, 8, Duration.ofMinutes(1));
        }
        assertThat(uses.remembered()).isEqualTo(ProcessUses.MAX_REMEMBERED);

        clock.now = clock.now.plusSeconds(60);
        uses.take("one more", 8, Duration.ofMinutes(1));

        assertThat(uses.remembered()).isOne();
    }

    private static String sign(JWTClaimsSet claims, JWSAlgorithm algorithm, JWSSigner signer) throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(algorithm)
                        .type(new JOSEObjectType("rtaa-stream+jwt"))
                        .build(),
                claims);
        token.sign(signer);
        return token.serialize();
    }

    private static Granted granted(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Granted.class);
        return (Granted) verdict;
    }

    private static Refused refused(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Refused.class);
        return (Refused) verdict;
    }
}
