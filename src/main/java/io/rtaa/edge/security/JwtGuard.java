package io.rtaa.edge.security;

import io.rtaa.call.Handshake;
import io.rtaa.call.HandshakeGuard;
import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Guards a door by tokens: {@code Authorization: Bearer}, or the subprotocol {@code bearer, <jwt>}, which is answered. Serves
 * HTTP handlers as well as websockets: {@link #decide} takes any request. A viewer without a tenant is refused, as there is
 * nothing it may see.
 *
 * <p>Thread-safety: any event loop; never blocks.
 */
public final class JwtGuard implements HandshakeGuard {
    private final @Nullable JwtVerifier verifier;
    private final OriginPolicy origins;
    private final Set<Role> roles;
    private final Admission admission;

    /**
     * @param verifier null while no key is configured: then the origin alone decides
     * @param origins whose pages may connect
     * @param roles who may come in
     * @param admission whether there is room
     */
    public JwtGuard(@Nullable JwtVerifier verifier, OriginPolicy origins, Set<Role> roles, Admission admission) {
        this.verifier = verifier;
        this.origins = origins;
        this.roles = Set.copyOf(roles);
        this.admission = admission;
    }

    /** Guards what takes calls in. */
    public static JwtGuard forCallers(@Nullable JwtVerifier verifier, OriginPolicy origins, Admission admission) {
        return new JwtGuard(verifier, origins, Set.of(Role.CALLER, Role.ADMIN), admission);
    }

    /** Guards what shows transcripts: the dashboard's socket and its API. */
    public static JwtGuard forViewers(@Nullable JwtVerifier verifier, OriginPolicy origins) {
        return new JwtGuard(verifier, origins, Set.of(Role.VIEWER, Role.ADMIN), Admission.UNLIMITED);
    }

    @Override
    public CompletionStage<Verdict> check(Handshake handshake) {
        return CompletableFuture.completedStage(decide(handshake));
    }

    /** Decides at once. */
    public Verdict decide(Handshake handshake) {
        return admission.judge(handshake, identify(handshake));
    }

    private Verdict identify(Handshake handshake) {
        String subprotocol = Bearer.offersSubprotocol(handshake) ? Bearer.SUBPROTOCOL : null;
        Optional<String> objection = originObjection(handshake);
        if (objection.isPresent()) {
            return new Verdict.Refused(403, objection.get(), null);
        }
        if (verifier == null) {
            return new Verdict.Granted(Principal.ANYONE, subprotocol);
        }
        String token = Bearer.authorization(handshake, "Bearer");
        if (token == null) {
            token = Bearer.subprotocolToken(handshake);
        }
        if (token == null) {
            return new Verdict.Refused(
                    401, "a token is needed, as Authorization: Bearer or as subprotocol \"bearer, <jwt>\"", null);
        }
        return byToken(verifier, token, roles, subprotocol);
    }

    /**
     * Before the token: where the origin is refused, none helps. A caller's token is no cookie that another site's page
     * could use, so pages of any origin may place calls with one.
     */
    private Optional<String> originObjection(Handshake handshake) {
        boolean reads = roles.contains(Role.VIEWER);
        if (verifier == null) {
            return reads ? origins.objectionToReader(handshake) : origins.objectionWithoutCredential(handshake);
        }
        return reads ? origins.objection(handshake) : Optional.empty();
    }

    /** What a token is worth at a door for those roles. */
    static Verdict byToken(JwtVerifier verifier, String token, Set<Role> roles, @Nullable String subprotocol) {
        Verification verification = verifier.verify(token);
        if (verification instanceof Verification.Rejected rejected) {
            return new Verdict.Refused(401, rejected.reason(), null);
        }
        Principal principal = ((Verification.Verified) verification).principal();
        if (!roles.contains(principal.role())) {
            return new Verdict.Refused(
                    403,
                    "role " + principal.role().wireName() + " may not come in here; allowed: " + names(roles),
                    null,
                    true);
        }
        if (principal.role() == Role.VIEWER && principal.tenantId() == null) {
            return new Verdict.Refused(403, "the token names no tenant; a viewer sees its tenant only", null, true);
        }
        return new Verdict.Granted(principal, subprotocol);
    }

    private static String names(Set<Role> roles) {
        return roles.stream().sorted().map(Role::wireName).collect(Collectors.joining(", "));
    }
}
