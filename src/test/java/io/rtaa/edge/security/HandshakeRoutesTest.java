package io.rtaa.edge.security;

import static io.rtaa.edge.security.HandshakeRoutes.BASIC;
import static io.rtaa.edge.security.HandshakeRoutes.EVERYBODY;
import static io.rtaa.edge.security.HandshakeRoutes.SAME_ORIGIN;
import static io.rtaa.edge.security.HandshakeRoutes.authorization;
import static io.rtaa.edge.security.HandshakeRoutes.basic;
import static io.rtaa.edge.security.HandshakeRoutes.token;
import static io.rtaa.edge.security.HandshakeRoutes.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.CidrList;
import io.rtaa.call.HandshakeGuard.Verdict;
import io.rtaa.call.HandshakeGuard.Verdict.Granted;
import io.rtaa.call.HandshakeGuard.Verdict.Refused;
import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who comes in by the product's handshake routes. */
class HandshakeRoutesTest {

    private static final Map<String, List<String>> NOTHING = Map.of();

    @Test
    void exotelComesInByEitherPairOrByToken() throws Exception {
        String token = token(Role.CALLER, "acme");
        try (HandshakeRoutes routes = HandshakeRoutes.guarded()) {
            assertThat(granted(routes, routes.exotel(null, authorization(basic("old:one")))))
                    .isEqualTo(new Principal("old", Role.CALLER, null));
            assertThat(granted(routes, routes.exotel(null, authorization(basic("new:t:wo"))))
                            .name())
                    .isEqualTo("new");
            assertThat(granted(routes, routes.exotel("a=b&token=" + token, NOTHING))
                            .tenantId())
                    .isEqualTo("acme");
            assertThat(granted(routes, routes.exotel(null, authorization("bearer " + token)))
                            .role())
                    .isEqualTo(Role.CALLER);
        }
    }

    @Test
    void exotelIsRefusedWithoutGoodCredentials() throws Exception {
        try (HandshakeRoutes routes = HandshakeRoutes.guarded()) {
            assertThat(refused(routes.exotel(null, NOTHING)))
                    .isEqualTo(new Refused(
                            401,
                            "credentials are needed; allowed: Authorization: Basic, or a token as Authorization: Bearer"
                                    + " or ?token=",
                            null,
                            "Basic realm=\"rtaa\""));
            assertThat(refused(routes.exotel("token=%zz", NOTHING)).status()).isEqualTo(401);
            for (String wrong : List.of(basic("old:two"), basic("old"), "Basic ???", "Basic", "Bearer x", "Digest x")) {
                assertThat(refused(routes.exotel(null, authorization(wrong))).status())
                        .as(wrong)
                        .isEqualTo(401);
            }
            assertThat(refused(routes.exotel("token=" + token(Role.VIEWER, "acme"), NOTHING))
                            .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void aHeaderDecidesAloneWhereThereIsOne() throws Exception {
        try (HandshakeRoutes routes = HandshakeRoutes.guarded()) {
            assertThat(refused(routes.exotel("token=" + token(Role.CALLER, "acme"), authorization("Bearer x")))
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void fullIsSaidOnlyToThoseWhoMayComeIn() throws Exception {
        try (HandshakeRoutes routes = HandshakeRoutes.guarded()) {
            assertThat(routes.liveLegs.tryAdmit()).isTrue();

            Refused full = refused(routes.exotel(null, authorization(basic("old:one"))));

            assertThat(full.status()).isEqualTo(503);
            assertThat(full.retryAfter()).isNotNull();
            assertThat(refused(routes.exotel(null, NOTHING)).status()).isEqualTo(401);
        }
    }

    @Test
    void aConnectionTakesAPlaceAndAPlainRequestNone() throws Exception {
        try (HandshakeRoutes routes = HandshakeRoutes.open(SAME_ORIGIN)) {
            assertThat(routes.plainCaller()).isInstanceOf(Granted.class);
            assertThat(routes.liveLegs.connectionCount()).isZero();

            Verdict caller = routes.caller(NOTHING);
            assertThat(routes.liveLegs.connectionCount()).isOne();
            granted(routes, caller);

            Verdict exotel = routes.exotel(null, NOTHING);
            assertThat(routes.liveLegs.connectionCount()).isOne();
            granted(routes, exotel);
        }
    }

    @Test
    void anAddressOffTheListStaysOutWhateverItBrings() throws Exception {
        IpAllowList list = new IpAllowList(CidrList.parse("192.0.2.0/25"), CidrList.NONE);
        try (HandshakeRoutes routes = HandshakeRoutes.with(list, null, TokenVerifier.NONE)) {
            assertThat(routes.exotelFrom("192.0.2.1")).isInstanceOf(Granted.class);
            assertThat(refused(routes.exotelFrom("198.51.100.1"))).returns(403, Refused::status);
        }
    }

    @Test
    void viewersComeInBySubprotocolAndAreAnsweredWithIt() throws Exception {
        String token = token(Role.VIEWER, "acme");
        try (HandshakeRoutes routes = HandshakeRoutes.guarded()) {
            Verdict bySubprotocol = routes.viewer(null, Map.of("sec-websocket-protocol", List.of("bearer, " + token)));
            assertThat(granted(routes, bySubprotocol).tenantId()).isEqualTo("acme");
            assertThat(((Granted) bySubprotocol).subprotocol()).isEqualTo("bearer");
            assertThat(granted(routes, routes.viewer(null, authorization("Bearer " + token)))
                            .name())
                    .isEqualTo("tester");
            assertThat(refused(routes.viewer("token=" + token, NOTHING)).status())
                    .isEqualTo(401);
            assertThat(refused(routes.viewer(null, authorization("Bearer " + token(Role.VIEWER, null))))
                            .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void anOpenEndpointKeepsOtherSitesOut() throws Exception {
        try (HandshakeRoutes loopback = HandshakeRoutes.open(SAME_ORIGIN);
                HandshakeRoutes onPurpose = HandshakeRoutes.open(OriginPolicy.anyOrigin())) {
            assertThat(granted(loopback, loopback.viewer(null, NOTHING))).isEqualTo(Principal.ANYONE);
            assertThat(granted(loopback, loopback.viewer(null, from("http://localhost:8080", "localhost:8080"))))
                    .isEqualTo(Principal.ANYONE);
            for (String origin : List.of("https://rtaa.example", "https://evil.example", "null")) {
                assertThat(granted(onPurpose, onPurpose.viewer(null, from(origin, "10.0.0.5:8080"))))
                        .isEqualTo(Principal.ANYONE);
            }
            for (Map<String, List<String>> page : List.of(
                    from("https://evil.example", "127.0.0.1:8080"),
                    from("http://evil.example:8080", "evil.example:8080"))) {
                assertThat(refused(loopback.viewer(null, page)).status()).isEqualTo(403);
                assertThat(refused(loopback.caller(page)).status()).isEqualTo(403);
                assertThat(refused(loopback.exotel(null, page)).status()).isEqualTo(403);
            }
            // A page whose name was made to point here reads from its own host, and then sends no origin.
            assertThat(refused(loopback.viewer(null, Map.of("host", List.of("evil.example:8080"))))
                            .status())
                    .isEqualTo(403);
            assertThat(granted(loopback, loopback.viewer(null, Map.of("host", List.of("127.0.0.1:8080")))))
                    .isEqualTo(Principal.ANYONE);
        }
    }

    @Test
    void aTokenDoesNotHelpAPageOfAnotherSiteToRead() throws Exception {
        try (HandshakeRoutes routes = HandshakeRoutes.guarded()) {
            String viewer = "Bearer " + token(Role.VIEWER, "acme");
            assertThat(refused(routes.viewer(null, from("https://evil.example", "rtaa.example", viewer))))
                    .returns(403, Refused::status)
                    .returns(null, Refused::challenge);
            assertThat(granted(routes, routes.viewer(null, from("https://rtaa.example", "rtaa.example", viewer)))
                            .tenantId())
                    .isEqualTo("acme");
            String caller = "Bearer " + token(Role.CALLER, "acme");
            assertThat(granted(routes, routes.caller(from("https://softphone.example", "rtaa.example", caller)))
                            .role())
                    .isEqualTo(Role.CALLER);
        }
    }

    @Test
    void aRefusalSaysWhetherAnotherTokenCanHelp() throws Exception {
        try (HandshakeRoutes routes = HandshakeRoutes.with(EVERYBODY, BASIC, tokens());
                HandshakeRoutes open = HandshakeRoutes.open(SAME_ORIGIN)) {
            assertThat(refused(routes.viewer(null, NOTHING)).challenge()).isEqualTo("Bearer realm=\"rtaa\"");
            assertThat(refused(routes.viewer(null, authorization("Bearer " + token(Role.CALLER, "acme")))))
                    .returns(403, Refused::status)
                    .returns("Bearer realm=\"rtaa\"", Refused::challenge);
            assertThat(refused(open.viewer(null, from("https://evil.example", "localhost"))))
                    .returns(403, Refused::status)
                    .returns(null, Refused::challenge);
        }
    }

    /** Who was granted, whose connection ends at once. */
    private static Principal granted(HandshakeRoutes routes, Verdict verdict) {
        assertThat(verdict).isInstanceOf(Granted.class);
        Granted granted = (Granted) verdict;
        granted.release().run();
        assertThat(routes.liveLegs.connectionCount()).isZero();
        return granted.principal();
    }

    private static Refused refused(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Refused.class);
        return (Refused) verdict;
    }

    private static Map<String, List<String>> from(String origin, String host) {
        return Map.of("origin", List.of(origin), "host", List.of(host));
    }

    private static Map<String, List<String>> from(String origin, String host, String authorization) {
        return Map.of("origin", List.of(origin), "host", List.of(host), "authorization", List.of(authorization));
    }
}
