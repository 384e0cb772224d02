package io.rtaa.edge.security;

import io.rtaa.call.Handshake;
import io.rtaa.call.HandshakeGuard;
import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Guards Exotel's door: the allow-list first, then Basic or a token ({@code Authorization: Bearer} or {@code ?token=}, as
 * Exotel can send no header of ours), then the room. An Authorization header decides alone where there is one.
 *
 * <p>Thread-safety: any event loop; never blocks.
 */
public final class ExotelGuard implements HandshakeGuard {
    private static final Set<Role> ROLES = Set.of(Role.CALLER, Role.ADMIN);

    private final IpAllowList addresses;
    private final @Nullable BasicCredentials basic;
    private final @Nullable JwtVerifier verifier;
    private final OriginPolicy origins;
    private final Admission admission;

    /**
     * @param addresses who may call from where
     * @param basic null where no pair is configured
     * @param verifier null where no key is configured; without either the door is open
     * @param origins whose pages may connect while the door is open
     * @param admission whether there is room for one more call
     */
    public ExotelGuard(
            IpAllowList addresses,
            @Nullable BasicCredentials basic,
            @Nullable JwtVerifier verifier,
            OriginPolicy origins,
            Admission admission) {
        this.addresses = addresses;
        this.basic = basic;
        this.verifier = verifier;
        this.origins = origins;
        this.admission = admission;
    }

    @Override
    public CompletionStage<Verdict> check(Handshake handshake) {
        return CompletableFuture.completedStage(decide(handshake));
    }

    private Verdict decide(Handshake handshake) {
        if (!addresses.allows(handshake)) {
            return new Verdict.Refused(403, "this address is not on the allow-list", null);
        }
        return admission.judge(handshake, identify(handshake));
    }

    private Verdict identify(Handshake handshake) {
        if (basic == null && verifier == null) {
            Optional<String> objection = origins.objectionWithoutCredential(handshake);
            return objection.isPresent()
                    ? new Verdict.Refused(403, objection.get(), null)
                    : new Verdict.Granted(Principal.ANYONE, null);
        }
        String pair = Bearer.authorization(handshake, "Basic");
        if (pair != null && basic != null) {
            String user = basic.check(pair);
            return user == null
                    ? new Verdict.Refused(401, "the Basic credentials are wrong", null)
                    : new Verdict.Granted(new Principal(user, Role.CALLER, null), null);
        }
        String token = handshake.header("authorization") == null
                ? handshake.queryParameter("token")
                : Bearer.authorization(handshake, "Bearer");
        if (token != null && verifier != null) {
            return JwtGuard.byToken(verifier, token, ROLES, null);
        }
        return new Verdict.Refused(401, "credentials are needed; allowed: " + allowed(), null);
    }

    private String allowed() {
        String byBasic = "Authorization: Basic";
        String byToken = "a token as Authorization: Bearer or ?token=";
        if (basic == null) {
            return byToken;
        }
        return verifier == null ? byBasic : byBasic + ", or " + byToken;
    }
}
