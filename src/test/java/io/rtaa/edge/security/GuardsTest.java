package io.rtaa.edge.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rtaa.call.CidrList;
import io.rtaa.call.Handshake;
import io.rtaa.call.HandshakeGuard;
import io.rtaa.call.HandshakeGuard.Verdict;
import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import io.rtaa.call.SocketHeaders;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class GuardsTest {
    private static final IpAllowList EVERYBODY = new IpAllowList(null, CidrList.NONE);
    private static final OriginPolicy SAME_ORIGIN = OriginPolicy.sameOrigin(null, CidrList.NONE);
    private static final BasicCredentials BASIC = BasicCredentials.parse("old:one, new:t:wo");
    private static JwtVerifier verifier;
    private static TokenMint mint;

    @BeforeAll
    static void generateKeys() throws Exception {
        KeyPair key = JwtVerifierTest.generate(2048);
        verifier = new JwtVerifier(List.of((RSAPublicKey) key.getPublic()), Clock.systemUTC());
        mint = new TokenMint((RSAPrivateKey) key.getPrivate(), Clock.systemUTC());
    }

    private static String token(Role role, @Nullable String tenant) {
        return mint.mint(new Principal("tester", role, tenant), Duration.ofMinutes(1));
    }

    private static Handshake handshake(@Nullable String query, Map<String, List<String>> headers) {
        return new Handshake("/", query, "192.0.2.1", headers, true);
    }

    private static Map<String, List<String>> authorization(String value) {
        return Map.of("authorization", List.of(value));
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static Verdict exotel(Handshake handshake) {
        return new ExotelGuard(EVERYBODY, BASIC, verifier, SAME_ORIGIN, Admission.UNLIMITED)
                .check(handshake)
                .toCompletableFuture()
                .join();
    }

    private static void assertRefused(Verdict verdict, int status) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.status()).isEqualTo(status));
    }

    private static Principal granted(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Granted.class);
        return ((Verdict.Granted) verdict).principal();
    }

    @Test
    void exotelComesInByEitherPairOrByToken() {
        Principal byOld = granted(exotel(handshake(null, authorization(basic("old:one")))));
        assertThat(byOld).isEqualTo(new Principal("old", Role.CALLER, null));
        assertThat(granted(exotel(handshake(null, authorization(basic("new:t:wo")))))
                        .name())
                .isEqualTo("new");
        String token = token(Role.CALLER, "acme");
        assertThat(granted(exotel(handshake("a=b&token=" + token, Map.of()))).tenantId())
                .isEqualTo("acme");
        assertThat(granted(exotel(handshake(null, authorization("bearer " + token))))
                        .role())
                .isEqualTo(Role.CALLER);
    }

    @Test
    void exotelIsRefusedWithoutGoodCredentials() {
        assertRefused(exotel(handshake(null, Map.of())), 401);
        assertRefused(exotel(handshake("token=%zz", Map.of())), 401);
        for (String wrong : List.of(basic("old:two"), basic("old"), "Basic ???", "Basic", "Bearer x", "Digest x")) {
            assertRefused(exotel(handshake(null, authorization(wrong))), 401);
        }
        assertRefused(exotel(handshake("token=" + token(Role.VIEWER, "acme"), Map.of())), 403);
        assertThat(BASIC.toString()).doesNotContain("one");
        assertThatThrownBy(() -> BasicCredentials.parse("a:b,secret"))
                .hasMessageContaining("pair 2")
                .hasMessageNotContaining("secret");
    }

    @Test
    void fullIsSaidOnlyToThoseWhoMayComeIn() {
        Verdict.Refused full = new Verdict.Refused(503, "full", Duration.ofSeconds(5));
        ExotelGuard guard = new ExotelGuard(EVERYBODY, BASIC, null, SAME_ORIGIN, () -> Optional.of(full));
        assertThat(guard.check(handshake(null, authorization(basic("old:one")))).toCompletableFuture())
                .isCompletedWithValue(full);
        assertRefused(
                guard.check(handshake(null, Map.of())).toCompletableFuture().join(), 401);
    }

    @Test
    void onlyAllowedAddressesMayCall() {
        IpAllowList list =
                new IpAllowList(CidrList.parse("192.0.2.0/25,2001:db8::/33"), CidrList.parse("10.0.0.0/8,::1"));
        assertThat(allows(list, "192.0.2.127")).isTrue();
        assertThat(allows(list, "::ffff:192.0.2.1")).isTrue();
        assertThat(allows(list, "192.0.2.128")).isFalse();
        assertThat(allows(list, "2001:db8:7fff::1%eth0")).isTrue();
        assertThat(allows(list, "2001:db8:8000::1")).isFalse();
        assertThat(allows(list, "not-an-address")).isFalse();
        assertThat(allows(list, "198.51.100.1", "192.0.2.1"))
                .as("no trusted proxy")
                .isFalse();
        assertThat(allows(list, "10.1.1.1", "192.0.2.1")).isTrue();
        assertThat(allows(list, "10.1.1.1", "192.0.2.1, 198.51.100.1"))
                .as("made up")
                .isFalse();
        assertThat(allows(list, "10.1.1.1", "198.51.100.1, 192.0.2.1:4711", "10.2.2.2"))
                .isTrue();
        assertThat(allows(list, "::1", "[2001:db8::5]:443")).isTrue();
        assertThat(allows(list, "10.1.1.1", "unknown")).isFalse();
        ExotelGuard guard = new ExotelGuard(list, null, null, SAME_ORIGIN, Admission.UNLIMITED);
        Handshake stranger = new Handshake("/", null, "198.51.100.1", Map.of(), true);
        assertRefused(guard.check(stranger).toCompletableFuture().join(), 403);
        for (String bad : List.of("", "1.2.3", "1.2.3.4/33", "example.org", "::/129", "1.2.3.256")) {
            assertThatThrownBy(() -> CidrList.parse(bad)).hasMessageContaining("no network");
        }
    }

    private static boolean allows(IpAllowList list, String remote, String... forwarded) {
        return list.allows(new Handshake("/", null, remote, Map.of("x-forwarded-for", List.of(forwarded)), true));
    }

    @Test
    void viewersComeInBySubprotocolAndAreAnsweredWithIt() {
        JwtGuard guard = JwtGuard.forViewers(verifier, SAME_ORIGIN);
        String token = token(Role.VIEWER, "acme");
        Verdict verdict = guard.decide(handshake(null, Map.of("sec-websocket-protocol", List.of("bearer, " + token))));
        assertThat(granted(verdict).tenantId()).isEqualTo("acme");
        assertThat(((Verdict.Granted) verdict).subprotocol()).isEqualTo("bearer");
        assertThat(granted(guard.decide(handshake(null, authorization("Bearer " + token))))
                        .name())
                .isEqualTo("tester");
        assertRefused(guard.decide(handshake("token=" + token, Map.of())), 401);
        assertRefused(guard.decide(handshake(null, authorization("Bearer " + token(Role.CALLER, "acme")))), 403);
        assertRefused(guard.decide(handshake(null, authorization("Bearer " + token(Role.VIEWER, null)))), 403);
    }

    @Test
    void anOpenDoorKeepsOtherSitesOut() {
        JwtGuard loopback = JwtGuard.forViewers(null, SAME_ORIGIN);
        JwtGuard onPurpose = JwtGuard.forViewers(null, OriginPolicy.anyOrigin());
        assertThat(granted(loopback.decide(handshake(null, Map.of())))).isEqualTo(Principal.ANYONE);
        assertThat(granted(loopback.decide(from("http://localhost:8080", "localhost:8080"))))
                .isEqualTo(Principal.ANYONE);
        for (String origin : List.of("https://rtaa.example", "https://evil.example", "null")) {
            assertThat(granted(onPurpose.decide(from(origin, "10.0.0.5:8080")))).isEqualTo(Principal.ANYONE);
        }
        assertRefused(loopback.decide(from("https://evil.example", "127.0.0.1:8080")), 403);
        assertRefused(loopback.decide(from("http://evil.example:8080", "evil.example:8080")), 403);
        // A page whose name was made to point here reads from its own host, and then sends no origin.
        assertRefused(loopback.decide(handshake(null, Map.of("host", List.of("evil.example:8080")))), 403);
        assertThat(granted(loopback.decide(handshake(null, Map.of("host", List.of("127.0.0.1:8080"))))))
                .isEqualTo(Principal.ANYONE);
    }

    @Test
    void aTokenDoesNotHelpAPageOfAnotherSite() {
        JwtGuard viewers = JwtGuard.forViewers(verifier, SAME_ORIGIN);
        String authorization = "Bearer " + token(Role.VIEWER, "acme");
        Map<String, List<String>> foreign = Map.of(
                "origin", List.of("https://evil.example"),
                "host", List.of("rtaa.example"),
                "authorization", List.of(authorization));
        assertThat(refusal(viewers.decide(handshake(null, foreign))).byCredentials())
                .isFalse();
        Map<String, List<String>> own = Map.of(
                "origin", List.of("https://rtaa.example"),
                "host", List.of("rtaa.example"),
                "authorization", List.of(authorization));
        assertThat(granted(viewers.decide(handshake(null, own))).tenantId()).isEqualTo("acme");
        JwtGuard callers = JwtGuard.forCallers(verifier, SAME_ORIGIN, Admission.UNLIMITED);
        Map<String, List<String>> softphone = Map.of(
                "origin", List.of("https://softphone.example"),
                "host", List.of("rtaa.example"),
                "authorization", List.of("Bearer " + token(Role.CALLER, "acme")));
        assertThat(granted(callers.decide(handshake(null, softphone))).role()).isEqualTo(Role.CALLER);
    }

    @Test
    void anUpgradeTakesAPlaceUntilItIsAbandonedAndAPlainRequestTakesNone() {
        AtomicInteger places = new AtomicInteger();
        Admission admission = new Admission() {
            @Override
            public Optional<Verdict.Refused> objection() {
                places.incrementAndGet();
                return Optional.empty();
            }

            @Override
            public void release() {
                places.decrementAndGet();
            }
        };
        Handshake plain = new Handshake("/", null, "127.0.0.1", Map.of("host", List.of("localhost")), false);
        Handshake upgrade = new Handshake("/", null, "127.0.0.1", Map.of("host", List.of("localhost")), true);
        List<HandshakeGuard> guards = List.of(
                JwtGuard.forCallers(null, SAME_ORIGIN, admission),
                new ExotelGuard(EVERYBODY, null, null, SAME_ORIGIN, admission));

        for (HandshakeGuard guard : guards) {
            assertThat(guard.check(plain)).isCompletedWithValueMatching(Verdict.Granted.class::isInstance);
        }
        assertThat(places).hasValue(0);
        for (HandshakeGuard guard : guards) {
            Verdict verdict = guard.check(upgrade).toCompletableFuture().join();
            assertThat(places).hasValue(1);
            ((Verdict.Granted) verdict).abandoned().run();
            assertThat(places).hasValue(0);
        }
    }

    @Test
    void aRefusalSaysWhetherAnotherTokenCanHelp() {
        JwtGuard viewers = JwtGuard.forViewers(verifier, SAME_ORIGIN);
        assertThat(refusal(viewers.decide(handshake(null, Map.of()))).byCredentials())
                .isTrue();
        Handshake caller = handshake(null, authorization("Bearer " + token(Role.CALLER, "acme")));
        assertThat(refusal(viewers.decide(caller)))
                .returns(403, Verdict.Refused::status)
                .returns(true, Verdict.Refused::byCredentials);
        JwtGuard open = JwtGuard.forViewers(null, SAME_ORIGIN);
        assertThat(refusal(open.decide(from("https://evil.example", "localhost"))))
                .returns(403, Verdict.Refused::status)
                .returns(false, Verdict.Refused::byCredentials);
    }

    private static Verdict.Refused refusal(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Refused.class);
        return (Verdict.Refused) verdict;
    }

    private static Handshake from(String origin, String host) {
        return handshake(null, Map.of("origin", List.of(origin), "host", List.of(host)));
    }

    @Test
    void theRouteStepLetsItsRolesPassOnly() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            Exchange exchange = new DefaultExchange(context);
            RequireRole caller = new RequireRole(Role.CALLER, Role.ADMIN);
            assertThatThrownBy(() -> caller.process(exchange)).isInstanceOf(AccessDeniedException.class);
            exchange.getMessage().setHeader(SocketHeaders.PRINCIPAL, new Principal("v", Role.VIEWER, "acme"));
            assertThatThrownBy(() -> caller.process(exchange)).hasMessageContaining("viewer");
            assertThat(exchange.getMessage().getHeader(SocketHeaders.CLOSE_CODE))
                    .isEqualTo(1008);
            exchange.getMessage().setHeader(SocketHeaders.PRINCIPAL, new Principal("c", Role.CALLER, "acme"));
            assertThatCode(() -> caller.process(exchange)).doesNotThrowAnyException();
        }
    }
}
