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
import io.rtaa.routes.HandshakeRoute;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
    void callsABearerWithoutAUsableSubjectByItsKind() throws Exception {
        assertThat(judged(Map.of("role", "admin", "sub", "a\nb")))
                .isInstanceOfSatisfying(
                        Granted.class,
                        granted -> assertThat(granted.principal()).isEqualTo(new Principal("token", Role.ADMIN, null)));
    }

    @Test
    void refusesWrongRolesAndTenants() throws Exception {
        for (Map<String, Object> claims : List.<Map<String, Object>>of(
                Map.of(),
                Map.of("role", "root"),
                Map.of("role", List.of("admin")),
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

    private Verdict judged(Map<String, Object> claims) throws Exception {
        step.setVerifier(token -> new Verification.Verified(claims, Instant.EPOCH));
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:who").process(step);
                }
            });
            HandshakeRoute route = new HandshakeRoute(context, "direct:who");
            context.addService(route, true, true);
            context.start();
            Handshake handshake = new Handshake(
                    PeerKind.CALLER, "/", null, null, "::1", Map.of("authorization", List.of("Bearer x")), true);
            return route.check(handshake).toCompletableFuture().join();
        }
    }
}
