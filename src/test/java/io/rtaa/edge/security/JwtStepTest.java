package io.rtaa.edge.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rtaa.call.Handshake;
import io.rtaa.call.HandshakeGuard.Verdict;
import io.rtaa.call.HandshakeGuard.Verdict.Granted;
import io.rtaa.call.HandshakeGuard.Verdict.Refused;
import io.rtaa.call.PeerKind;
import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import io.rtaa.edge.listener.PublicListenerOptions;
import io.rtaa.routes.HandshakeRoute;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the step makes of the claims of a token. */
class JwtStepTest {

    private final JwtStep step = new JwtStep();

    @Test
    void mapsTheClaimsThatItIsTold() throws Exception {
        step.setRoleClaim("job");
        step.setTenantClaim("org");

        assertThat(judged(Map.of("job", "caller", "org", "acme", "sub", "softphone", "role", "admin")))
                .isInstanceOfSatisfying(
                        Granted.class,
                        granted -> assertThat(granted.principal())
                                .isEqualTo(new Principal("softphone", Role.CALLER, "acme")));
    }

    @Test
    void findsClaimsByTheirNamesFirstAndThenByPaths() throws Exception {
        step.setRoleClaim("https://id.example/role");
        assertThat(principal(Map.of("https://id.example/role", "admin")).role()).isEqualTo(Role.ADMIN);
        step.setRoleClaim("realm_access.roles");
        step.setTenantClaim("org.id");
        Map<String, Object> claims =
                Map.of("realm_access", Map.of("roles", List.of("caller")), "org", Map.of("id", "acme"), "tenant", "x");
        assertThat(principal(claims)).isEqualTo(new Principal("token", Role.CALLER, "acme"));
        assertThat(principal(Map.of("realm_access.roles", "admin", "realm_access", Map.of("roles", List.of("caller"))))
                        .role())
                .isEqualTo(Role.ADMIN);
        step.setRoleClaim("resource_access.my.client.roles");
        assertThat(principal(Map.of("resource_access", Map.of("my.client", Map.of("roles", List.of("admin")))))
                        .role())
                .isEqualTo(Role.ADMIN);
    }

    @Test
    void refusesATokenWhosePathLeadsNowhere() throws Exception {
        step.setRoleClaim("a.b");
        for (Map<String, Object> claims : List.<Map<String, Object>>of(
                Map.of("a", "admin"),
                Map.of("a", List.of(Map.of("b", "admin"))),
                Map.of("a", Map.of("c", "admin")),
                Map.of("b", "admin"))) {
            assertThat(judged(claims))
                    .as("%s", claims)
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused -> assertThat(refused.reason()).startsWith("the token's a.b is missing"));
        }
    }

    @Test
    void ofSeveralRolesTheStrongestThatMayComeInCounts() throws Exception {
        assertThat(principal(Map.of("role", List.of("offline", "caller", "admin", "viewer")))
                        .role())
                .isEqualTo(Role.ADMIN);
        assertThat(principal(Map.of("role", "openid caller admin")).role()).isEqualTo(Role.ADMIN);
        List<String> both = List.of("caller", "viewer");
        step.setRoles("caller,admin");
        assertThat(principal(Map.of("role", both)).role()).isEqualTo(Role.CALLER);
        step.setRoles("viewer,admin");
        assertThat(principal(Map.of("role", both, "tenant", "acme")).role()).isEqualTo(Role.VIEWER);
        assertThat(judged(Map.of("role", List.of("caller"))))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.status()).isEqualTo(403));
    }

    @Test
    void grantsUntilTheTokenExpires() throws Exception {
        assertThat(judged(Map.of("role", "admin")))
                .isInstanceOfSatisfying(
                        Granted.class,
                        granted -> assertThat(granted.expiresAt()).isEqualTo(Instant.EPOCH));
    }

    @Test
    void asksToTryAgainWhereKeysCannotBeFetched() throws Exception {
        step.setVerifier(token -> CompletableFuture.completedStage(new Verification.Unavailable("no keys now")));

        assertThat(decided()).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.reason()).isEqualTo("no keys now");
            assertThat(refused.retryAfter()).isNotNull();
        });
    }

    @Test
    void theRouteGoesOnOnceTheKeyIsHere() throws Exception {
        CompletableFuture<Verification> later = new CompletableFuture<>();
        step.setVerifier(token -> later);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            CompletableFuture<Verdict> verdict = check(context);
            assertThat(verdict.isDone()).isFalse();

            later.complete(new Verification.Verified(Map.of("role", "admin"), Instant.EPOCH));

            assertThat(verdict.join()).isInstanceOf(Granted.class);
        }
    }

    @Test
    void refusesAClaimWithoutAName() {
        assertThatThrownBy(() -> step.setRoleClaim(" ")).hasMessageStartingWith("roleClaim is blank; allowed: ");
        assertThatThrownBy(() -> step.setTenantClaim("")).hasMessageStartingWith("tenantClaim is blank; allowed: ");
    }

    @Test
    void refusesASubjectOrATenantThatNoLineOfALogCouldHold() throws Exception {
        for (String id : List.of("a\nb", "a\"b", "a\\b", "..", "\ud83d")) {
            for (String claim : List.of("sub", "tenant")) {
                assertThat(judged(Map.of("role", "admin", claim, id)))
                        .as("%s %s", claim, id)
                        .isInstanceOfSatisfying(Refused.class, refused -> {
                            assertThat(refused.status()).isEqualTo(401);
                            assertThat(refused.reason())
                                    .startsWith("the token's " + claim + " ")
                                    .contains("; allowed: 1 to ");
                        });
            }
        }
    }

    @Test
    void callsABearerWithoutASubjectByItsKind() throws Exception {
        assertThat(judged(Map.of("role", "admin")))
                .isInstanceOfSatisfying(
                        Granted.class,
                        granted -> assertThat(granted.principal()).isEqualTo(new Principal("token", Role.ADMIN, null)));
    }

    @Test
    void refusesWrongRolesAndTenants() throws Exception {
        for (Map<String, Object> claims : List.<Map<String, Object>>of(
                Map.of(),
                Map.of("role", "root"),
                Map.of("role", List.of("root", 7)),
                Map.of("role", Map.of("admin", true)),
                Map.of("role", "caller", "tenant", 7),
                Map.of("role", "caller", "tenant", " "),
                Map.of("role", "caller", "tenant", "a\u0000b"))) {
            assertThat(judged(claims))
                    .as("%s", claims)
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused -> assertThat(refused.status()).isEqualTo(401));
        }
    }

    @ParameterizedTest
    @CsvSource({"'caller,root', 'caller,root'", "'', ''", "Caller, Caller"})
    void refusesRolesThatAreNone(String roles, String shown) {
        assertThatThrownBy(() -> step.setRoles(roles))
                .hasMessage(
                        "roles is '" + shown + "'; allowed: one or more of caller, viewer, admin, separated by commas");
    }

    private Principal principal(Map<String, Object> claims) throws Exception {
        Verdict verdict = judged(claims);
        assertThat(verdict).isInstanceOf(Granted.class);
        return ((Granted) verdict).principal();
    }

    private Verdict judged(Map<String, Object> claims) throws Exception {
        step.setVerifier(token -> CompletableFuture.completedStage(new Verification.Verified(claims, Instant.EPOCH)));
        return decided();
    }

    private Verdict decided() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            return check(context).join();
        }
    }

    /** What a route of the step alone makes of a handshake with a token. */
    private CompletableFuture<Verdict> check(DefaultCamelContext context) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:who").process(step);
            }
        });
        HandshakeRoute route =
                new HandshakeRoute(context, "direct:who", PublicListenerOptions.DEFAULT_HANDSHAKE_TIMEOUT);
        context.addService(route, true, true);
        context.start();
        Handshake handshake = new Handshake(
                PeerKind.CALLER, "/", null, null, "::1", Map.of("authorization", List.of("Bearer x")), true);
        return route.check(handshake).toCompletableFuture();
    }
}
