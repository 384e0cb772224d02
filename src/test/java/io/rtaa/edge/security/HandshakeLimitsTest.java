package io.rtaa.edge.security;

import static io.rtaa.edge.security.HandshakeRoutes.authorization;
import static io.rtaa.edge.security.HandshakeRoutes.basic;
import static io.rtaa.edge.security.HandshakeRoutes.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.HandshakeGuard.Verdict;
import io.rtaa.call.HandshakeGuard.Verdict.Granted;
import io.rtaa.call.HandshakeGuard.Verdict.Refused;
import io.rtaa.call.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** How much comes in by the product's handshake routes. */
class HandshakeLimitsTest {

    private static final Map<String, List<String>> NOTHING = Map.of();
    private static final Map<String, List<String>> RIGHT = authorization(basic("old:one"));
    private static final Map<String, List<String>> WRONG = authorization(basic("old:two"));

    private static int status(Verdict verdict) {
        return verdict instanceof Refused refused ? refused.status() : 101;
    }

    @Test
    void anAddressThatAsksTooOftenIsRefusedBeforeItsCredentialIsLookedAtAndOthersComeIn() throws Exception {
        try (HandshakeRoutes routes = HandshakeRoutes.limited(Map.of("handshakes-per-address", "3"))) {
            for (int i = 0; i < 3; i++) {
                assertThat(status(routes.exotelFrom("192.0.2.1", RIGHT))).isEqualTo(101);
            }
            Refused refused = (Refused) routes.exotelFrom("192.0.2.1", RIGHT);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.retryAfter()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(4));
            assertThat(status(routes.exotelFrom("192.0.2.1", WRONG))).isEqualTo(429);
            assertThat(status(routes.exotelFrom("192.0.2.2", RIGHT))).isEqualTo(101);
            assertThat(routes.refused("handshakes_per_address")).isEqualTo(2);
        }
    }

    @Test
    void allAddressesOfAnIpv6NetworkCountAsOneAndSoDoTheFormsOfAnIpv4Address() throws Exception {
        try (HandshakeRoutes routes = HandshakeRoutes.limited(Map.of("handshakes-per-address", "2"))) {
            assertThat(status(routes.exotelFrom("2001:db8:0:1::1", RIGHT))).isEqualTo(101);
            assertThat(status(routes.exotelFrom("2001:db8:0:1:ffff::2%eth0", RIGHT)))
                    .isEqualTo(101);
            assertThat(status(routes.exotelFrom("2001:db8:0:1::3", RIGHT))).isEqualTo(429);
            assertThat(status(routes.exotelFrom("2001:db8:0:2::1", RIGHT))).isEqualTo(101);
            assertThat(status(routes.exotelFrom("192.0.2.1", RIGHT))).isEqualTo(101);
            assertThat(status(routes.exotelFrom("::ffff:192.0.2.1", RIGHT))).isEqualTo(101);
            assertThat(status(routes.exotelFrom("192.0.2.1", RIGHT))).isEqualTo(429);
        }
    }

    @Test
    void behindATrustedProxyTheClientsCountAndNotTheProxy() throws Exception {
        try (HandshakeRoutes routes = HandshakeRoutes.limited(Map.of("handshakes-per-address", "1"))) {
            for (String client : List.of("192.0.2.1", "192.0.2.2")) {
                assertThat(status(routes.exotelFrom("10.0.0.1", forwarded(client))))
                        .isEqualTo(101);
                assertThat(status(routes.exotelFrom("10.0.0.1", forwarded(client))))
                        .isEqualTo(429);
            }
            assertThat(status(routes.exotelFrom("192.0.2.9", forwarded("192.0.2.3"))))
                    .isEqualTo(101);
            assertThat(status(routes.exotelFrom("192.0.2.9", forwarded("192.0.2.4"))))
                    .as("made up")
                    .isEqualTo(429);
        }
    }

    private static Map<String, List<String>> forwarded(String client) {
        return Map.of(
                "authorization",
                Objects.requireNonNull(RIGHT.get("authorization")),
                "x-forwarded-for",
                List.of("203.0.113.7, " + client));
    }

    @Test
    void tenThousandWrongLoginsAreAnsweredWith429AndARightOneAmongThemComesIn() throws Exception {
        try (HandshakeRoutes routes = HandshakeRoutes.limited(Map.of("wrong-logins-per-address", "20"))) {
            int unauthorized = 0;
            for (int i = 0; i < 10_000; i++) {
                int status = status(routes.exotel(null, authorization(basic("old:" + i))));
                assertThat(status).isIn(401, 429);
                unauthorized += status == 401 ? 1 : 0;
                if (i % 1000 == 0) {
                    assertThat(status(routes.exotel(null, RIGHT)))
                            .as("a right one")
                            .isEqualTo(101);
                }
            }
            // One more for each three seconds that the test takes.
            assertThat(unauthorized).isBetween(20, 60);
            assertThat(routes.refused("wrong_logins_per_address")).isEqualTo(10_000 - unauthorized);
            assertThat(status(routes.exotelFrom("192.0.2.77", WRONG)))
                    .as("another address")
                    .isEqualTo(401);
        }
    }

    @Test
    void wrongTokensCountAndAPageThatHasNoneIsStillAskedForOne() throws Exception {
        try (HandshakeRoutes routes = HandshakeRoutes.limited(Map.of("wrong-logins-per-address", "1"))) {
            Map<String, List<String>> wrong = Map.of("sec-websocket-protocol", List.of("bearer, x.y.z"));
            assertThat(status(routes.viewer(null, wrong))).isEqualTo(401);
            Refused refused = (Refused) routes.viewer(null, wrong);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.reason()).contains("wrong credentials", "1 a minute");
            assertThat(status(routes.viewer(null, authorization("Bearer x.y.z"))))
                    .isEqualTo(429);
            assertThat(status(routes.viewer(null, Map.of("sec-websocket-protocol", List.of("bearer", "x.y.z")))))
                    .as("in two lines")
                    .isEqualTo(429);
            for (int i = 0; i < 5; i++) {
                assertThat(status(routes.viewer(null, NOTHING))).isEqualTo(401);
                assertThat(status(routes.viewer(null, Map.of("sec-websocket-protocol", List.of("bearer")))))
                        .isEqualTo(401);
            }
            assertThat(status(routes.viewer(null, authorization("Bearer " + token(Role.VIEWER, "acme")))))
                    .isEqualTo(101);
        }
    }

    @Test
    void aRoleThatMayNotComeInIsNoWrongLogin() throws Exception {
        try (HandshakeRoutes routes = HandshakeRoutes.limited(Map.of("wrong-logins-per-address", "1"))) {
            for (int i = 0; i < 3; i++) {
                assertThat(status(routes.viewer(null, authorization("Bearer " + token(Role.CALLER, "acme")))))
                        .isEqualTo(403);
            }
        }
    }

    @Test
    void aPrincipalThatAsksTooOftenIsRefusedFromWhateverAddress() throws Exception {
        try (HandshakeRoutes routes = HandshakeRoutes.limited(Map.of("handshakes-per-principal", "2"))) {
            assertThat(status(routes.exotelFrom("192.0.2.1", RIGHT))).isEqualTo(101);
            assertThat(status(routes.exotelFrom("192.0.2.2", RIGHT))).isEqualTo(101);
            assertThat(status(routes.exotelFrom("192.0.2.3", RIGHT))).isEqualTo(429);
            assertThat(status(routes.exotelFrom("192.0.2.3", authorization(basic("new:t:wo")))))
                    .isEqualTo(101);
            assertThat(routes.refused("handshakes_per_principal")).isEqualTo(1);
        }
    }

    @Test
    void aTenantHasAsManyCallsAsItMayOverAllEndpointsAndGetsAPlaceBackWhenOneEnds() throws Exception {
        Map<String, List<String>> acme = authorization("Bearer " + token(Role.CALLER, "acme"));
        try (HandshakeRoutes routes = HandshakeRoutes.limited(Map.of("calls-per-tenant", "2"))) {
            Granted first = (Granted) routes.exotel(null, acme);
            assertThat(status(routes.caller(acme))).isEqualTo(101);
            Refused refused = (Refused) routes.caller(acme);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.retryAfter()).isPositive();
            assertThat(routes.refused("calls_per_tenant")).isEqualTo(1);
            assertThat(status(routes.caller(authorization("Bearer " + token(Role.CALLER, "other")))))
                    .isEqualTo(101);
            assertThat(routes.liveLegs.connectionCount()).isEqualTo(3);

            first.release().run();
            assertThat(status(routes.caller(acme))).isEqualTo(101);
            assertThat(status(routes.caller(acme))).isEqualTo(429);
        }
    }

    @Test
    void aViewerHasAsManySocketsAsItMayAndItsRequestsCountForNone() throws Exception {
        Map<String, List<String>> viewer = authorization("Bearer " + token(Role.VIEWER, "acme"));
        try (HandshakeRoutes routes = HandshakeRoutes.limited(Map.of("sockets-per-viewer", "2"))) {
            List<Granted> sockets = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                sockets.add((Granted) routes.viewer(null, viewer));
            }
            assertThat(status(routes.viewer(null, viewer))).isEqualTo(429);
            assertThat(status(routes.viewer(null, authorization("Bearer " + token(Role.VIEWER, "other")))))
                    .isEqualTo(101);
            for (int i = 0; i < 5; i++) {
                assertThat(status(routes.viewerRequest(viewer))).isEqualTo(101);
            }
            sockets.get(0).release().run();
            assertThat(status(routes.viewer(null, viewer))).isEqualTo(101);
        }
    }

    @Test
    void whileNothingHasACredentialEachAddressIsAPrincipal() throws Exception {
        try (HandshakeRoutes routes = HandshakeRoutes.openButLimited(Map.of("handshakes-per-principal", "1"))) {
            assertThat(status(routes.exotelFrom("192.0.2.1", NOTHING))).isEqualTo(101);
            assertThat(status(routes.exotelFrom("192.0.2.1", NOTHING))).isEqualTo(429);
            assertThat(status(routes.exotelFrom("192.0.2.2", NOTHING))).isEqualTo(101);
        }
    }
}
