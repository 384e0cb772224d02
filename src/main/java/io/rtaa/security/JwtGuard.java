package io.rtaa.security;

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
    private final OpenDoor open;
    private final Set<Role> roles;
    private final Admission admission;

    /**
     * @param verifier null while no key is configured: then the door is open
     * @param open what guards it while it is open
     * @param roles who may come in
     * @param admission whether there is room
     */
    public JwtGuard(@Nullable JwtVerifier verifier, OpenDoor open, Set<Role> roles, Admission admission) {
        this.verifier = verifier;
        this.open = open;
        this.roles = Set.copyOf(roles);
        this.admission = admission;
    }

    /** Guards what takes calls in. */
    public static JwtGuard forCallers(@Nullable JwtVerifier verifier, OpenDoor open, Admission admission) {
        return new JwtGuard(verifier, open, Set.of(Role.CALLER, Role.ADMIN), admission);
    }

    /** Guards what shows transcripts: the dashboard's socket and its API. */
    public static JwtGuard forViewers(@Nullable JwtVerifier verifier, OpenDoor open) {
        return new JwtGuard(verifier, open, Set.of(Role.VIEWER, Role.ADMIN), Admission.UNLIMITED);
    }

    @Override
    public CompletionStage<Verdict> check(Handshake handshake) {
        return CompletableFuture.completedStage(decide(handshake));
    }

    /** Decides at once. */
    public Verdict decide(Handshake handshake) {
        Verdict verdict = identify(handshake);
        if (verdict instanceof Verdict.Granted) {
            Optional<Verdict.Refused> full = admission.objection();
            return full.isPresent() ? full.get() : verdict;
        }
        return verdict;
    }

    private Verdict identify(Handshake handshake) {
        String subprotocol = Bearer.offersSubprotocol(handshake) ? Bearer.SUBPROTOCOL : null;
        if (verifier == null) {
            Optional<String> objection =
                    roles.contains(Role.VIEWER) ? open.browsersObjection(handshake) : open.objection(handshake);
            return objection.isPresent()
                    ? new Verdict.Refused(403, objection.get(), null)
                    : new Verdict.Granted(Principal.ANYONE, subprotocol);
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
                    null);
        }
        if (principal.role() == Role.VIEWER && principal.tenantId() == null) {
            return new Verdict.Refused(403, "the token names no tenant; a viewer sees its tenant only", null);
        }
        return new Verdict.Granted(principal, subprotocol);
    }

    private static String names(Set<Role> roles) {
        return roles.stream().sorted().map(Role::wireName).collect(Collectors.joining(", "));
    }
}
