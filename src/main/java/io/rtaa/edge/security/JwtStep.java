package io.rtaa.edge.security;

import io.rtaa.call.Handshake;
import io.rtaa.call.HandshakeGuard.Verdict.Refused;
import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import io.rtaa.call.StreamId;
import io.rtaa.routes.HandshakeExchange;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/**
 * A step of a handshake's route: verifies a token, maps its claims to a role and a tenant, and grants those that may come
 * in. A handshake without a token goes on to the next step. A viewer without a tenant is refused, as there is nothing
 * that it may see.
 *
 * <p>Its options are set where a route file declares it as a bean.
 *
 * <p>Thread-safety: options are set before the first handshake; then any thread. Never blocks.
 */
public final class JwtStep implements Processor {

    /** Where a handshake may carry its token. */
    public enum Place {
        /** {@code Authorization: Bearer}. */
        HEADER,
        /** The second subprotocol after {@code bearer}: browsers can set no header. */
        SUBPROTOCOL,
        /** {@code ?token=}: Exotel can set no header of ours. It counts where there is no {@code Authorization}. */
        QUERY
    }

    static final String CHALLENGE = "Bearer realm=\"rtaa\"";

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    /** The name of a bearer whose token has no subject. */
    private static final String NO_SUBJECT = "token";

    private static final Map<Place, String> PLACES_IN_WORDS = Map.of(
            Place.HEADER, "Authorization: Bearer",
            Place.SUBPROTOCOL, "subprotocol \"bearer, <jwt>\"",
            Place.QUERY, "?token=");

    private TokenVerifier verifier = TokenVerifier.NONE;
    private Set<Role> roles = EnumSet.allOf(Role.class);
    private Set<Place> tokenIn = EnumSet.of(Place.HEADER);
    private String roleClaim = TokenMint.ROLE_CLAIM;
    private String tenantClaim = TokenMint.TENANT_CLAIM;

    /** Who verifies tokens. While that one knows no key, the step does nothing. */
    public void setVerifier(TokenVerifier verifier) {
        this.verifier = verifier;
    }

    /** Who may come in, separated by commas: caller, viewer, admin; all of them unless set. */
    public void setRoles(String roles) {
        this.roles = constants(Role.class, "roles", roles);
    }

    /** Where a token may be, separated by commas: header, subprotocol, query; header unless set. */
    public void setTokenIn(String places) {
        this.tokenIn = constants(Place.class, "tokenIn", places);
    }

    /** The claim that says what the bearer may do; role unless set. */
    public void setRoleClaim(String roleClaim) {
        this.roleClaim = roleClaim;
    }

    /** The claim that binds the bearer to a tenant, and may be absent; tenant unless set. */
    public void setTenantClaim(String tenantClaim) {
        this.tenantClaim = tenantClaim;
    }

    @Override
    public void process(Exchange exchange) {
        HandshakeExchange attempt = HandshakeExchange.of(exchange);
        if (tokenIn.contains(Place.SUBPROTOCOL) && Bearer.offersSubprotocol(attempt.handshake())) {
            attempt.answerSubprotocol(Bearer.SUBPROTOCOL);
        }
        if (!verifier.isConfigured() || attempt.principal() != null) {
            return;
        }
        String token = token(attempt.handshake());
        if (token == null) {
            attempt.misses("a token as " + placesInWords(), CHALLENGE);
            return;
        }
        Verification verification = verifier.verify(token);
        if (verification instanceof Verification.Verified verified) {
            judge(exchange, attempt, verified.claims());
        } else {
            refuse(exchange, attempt, UNAUTHORIZED, ((Verification.Rejected) verification).reason());
        }
    }

    private @Nullable String token(Handshake handshake) {
        String token = tokenIn.contains(Place.HEADER) ? Bearer.authorization(handshake, "Bearer") : null;
        if (token == null && tokenIn.contains(Place.SUBPROTOCOL)) {
            token = Bearer.subprotocolToken(handshake);
        }
        if (token == null && tokenIn.contains(Place.QUERY) && handshake.header("authorization") == null) {
            token = handshake.queryToken();
        }
        return token;
    }

    private void judge(Exchange exchange, HandshakeExchange attempt, Map<String, Object> claims) {
        Role role = role(claims.get(roleClaim));
        Object tenant = claims.get(tenantClaim);
        if (role == null) {
            refuse(
                    exchange,
                    attempt,
                    UNAUTHORIZED,
                    "the token's " + roleClaim + " is missing or unknown; allowed: caller, viewer, admin");
        } else if (tenant != null && !isId(tenantClaim, tenant)) {
            refuse(
                    exchange,
                    attempt,
                    UNAUTHORIZED,
                    "the token's " + tenantClaim + " is not a printable text of 1 to " + StreamId.MAX_ID_LENGTH
                            + " characters");
        } else if (!roles.contains(role)) {
            refuse(
                    exchange,
                    attempt,
                    FORBIDDEN,
                    "role " + role.wireName() + " may not come in here; allowed: " + rolesInWords());
        } else if (role == Role.VIEWER && tenant == null) {
            refuse(exchange, attempt, FORBIDDEN, "the token names no tenant; a viewer sees its tenant only");
        } else {
            Object subject = claims.get("sub");
            String name = subject != null && isId("sub", subject) ? (String) subject : NO_SUBJECT;
            attempt.grant(new Principal(name, role, (String) tenant));
        }
    }

    private static void refuse(Exchange exchange, HandshakeExchange attempt, int status, String reason) {
        attempt.refuse(exchange, new Refused(status, reason, null, CHALLENGE));
    }

    private static boolean isId(String claim, Object value) {
        return value instanceof String text && StreamId.fault(claim, text) == null;
    }

    private static @Nullable Role role(@Nullable Object claim) {
        return Arrays.stream(Role.values())
                .filter(role -> role.wireName().equals(claim))
                .findFirst()
                .orElse(null);
    }

    private String rolesInWords() {
        return roles.stream().sorted().map(Role::wireName).collect(Collectors.joining(", "));
    }

    private String placesInWords() {
        return tokenIn.stream()
                .sorted()
                .map(place -> Objects.requireNonNull(PLACES_IN_WORDS.get(place)))
                .collect(Collectors.joining(" or "));
    }

    private static <E extends Enum<E>> Set<E> constants(Class<E> type, String option, String text) {
        List<String> allowed = Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .toList();
        Set<E> found = EnumSet.noneOf(type);
        for (String word : text.split(",", -1)) {
            int index = allowed.indexOf(word.strip());
            if (index < 0) {
                throw new IllegalArgumentException(option + " is '" + text + "'; allowed: one or more of "
                        + String.join(", ", allowed) + ", separated by commas");
            }
            found.add(type.getEnumConstants()[index]);
        }
        return found;
    }
}
