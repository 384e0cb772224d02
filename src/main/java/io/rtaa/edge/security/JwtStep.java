package io.rtaa.edge.security;

import io.rtaa.call.Handshake;
import io.rtaa.call.HandshakeGuard.Verdict.Refused;
import io.rtaa.call.PeerId;
import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import io.rtaa.call.StreamId;
import io.rtaa.routes.HandshakeExchange;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.jspecify.annotations.Nullable;

/**
 * A step of a handshake's route: verifies a token, maps its claims to a role and a tenant, and grants those that may come
 * in. A handshake without a token goes on to the next step. A viewer without a tenant is refused, as there is nothing
 * that it may see.
 *
 * <p>Its options are set where a route file declares it as a bean.
 *
 * <p>Thread-safety: options are set before the first handshake; then any thread. Never blocks: where a key has to be
 * fetched first, the route goes on once it is here.
 */
public final class JwtStep extends AsyncProcessorSupport {

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
    private static final int UNAVAILABLE = 503;

    /** After so long the keys may be fetched once more. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private static final List<Role> STRONGEST_FIRST = List.of(Role.ADMIN, Role.VIEWER, Role.CALLER);

    private static final String SUBJECT_CLAIM = "sub";

    /** The longest subject, in characters: as long as OpenID Connect allows (Core 1.0, 2). */
    static final int MAX_SUBJECT_LENGTH = 255;

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

    /**
     * The claim that says what the bearer may do: a role, or several as a list or separated by spaces; role unless set.
     * A name that no claim has is a path of names, separated by dots: {@code realm_access.roles}.
     */
    public void setRoleClaim(String roleClaim) {
        this.roleClaim = ClaimPath.require("roleClaim", roleClaim);
    }

    /** The claim that binds the bearer to a tenant, and may be absent; named as that of the role; tenant unless set. */
    public void setTenantClaim(String tenantClaim) {
        this.tenantClaim = ClaimPath.require("tenantClaim", tenantClaim);
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        HandshakeExchange attempt = HandshakeExchange.of(exchange);
        if (tokenIn.contains(Place.SUBPROTOCOL) && Bearer.offersSubprotocol(attempt.handshake())) {
            attempt.answerSubprotocol(Bearer.SUBPROTOCOL);
        }
        if (!verifier.isConfigured() || attempt.principal() != null) {
            callback.done(true);
            return true;
        }
        String token = token(attempt.handshake());
        if (token == null) {
            attempt.misses("a token as " + placesInWords(), CHALLENGE);
            callback.done(true);
            return true;
        }
        CompletableFuture<Verification> verifying = verifier.verify(token).toCompletableFuture();
        boolean atOnce = verifying.isDone();
        var unused = verifying.whenComplete((verification, failure) -> {
            try {
                if (failure == null) {
                    judge(exchange, attempt, verification);
                } else {
                    exchange.setException(failure);
                }
            } finally {
                callback.done(atOnce);
            }
        });
        return atOnce;
    }

    private void judge(Exchange exchange, HandshakeExchange attempt, Verification verification) {
        if (verification instanceof Verification.Verified verified) {
            judge(exchange, attempt, verified);
        } else if (verification instanceof Verification.Unavailable unavailable) {
            attempt.refuse(exchange, new Refused(UNAVAILABLE, unavailable.reason(), RETRY_AFTER));
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

    private void judge(Exchange exchange, HandshakeExchange attempt, Verification.Verified verified) {
        Map<String, Object> claims = verified.claims();
        Role role = role(ClaimPath.find(claims, roleClaim));
        Object tenant = ClaimPath.find(claims, tenantClaim);
        Object subject = claims.get(SUBJECT_CLAIM);
        String tenantFault = fault(tenantClaim, tenant, StreamId.MAX_ID_LENGTH);
        String subjectFault = fault(SUBJECT_CLAIM, subject, MAX_SUBJECT_LENGTH);
        if (role == null) {
            refuse(
                    exchange,
                    attempt,
                    UNAUTHORIZED,
                    "the token's " + roleClaim + " is missing or unknown; allowed: caller, viewer, admin");
        } else if (tenantFault != null) {
            refuse(exchange, attempt, UNAUTHORIZED, tenantFault);
        } else if (subjectFault != null) {
            refuse(exchange, attempt, UNAUTHORIZED, subjectFault);
        } else if (!roles.contains(role)) {
            refuse(
                    exchange,
                    attempt,
                    FORBIDDEN,
                    "role " + role.wireName() + " may not come in here; allowed: " + rolesInWords());
        } else if (role == Role.VIEWER && tenant == null) {
            refuse(exchange, attempt, FORBIDDEN, "the token names no tenant; a viewer sees its tenant only");
        } else {
            String name = subject == null ? NO_SUBJECT : (String) subject;
            attempt.grant(new Principal(name, role, (String) tenant), verified.expiresAt());
        }
    }

    private static void refuse(Exchange exchange, HandshakeExchange attempt, int status, String reason) {
        attempt.refuse(exchange, new Refused(status, reason, null, CHALLENGE));
    }

    /** Why a claim cannot be used as an id; null where it can, or is not there. */
    private static @Nullable String fault(String claim, @Nullable Object value, int maxLength) {
        if (value == null) {
            return null;
        }
        String name = "the token's " + claim;
        return value instanceof String text
                ? PeerId.fault(name, text, maxLength)
                : name + " is no text; allowed: a text";
    }

    /**
     * The role that a claim names. Of several it is the strongest that may come in here, admin before all others; where
     * none may, the strongest. Null where it names none.
     */
    private @Nullable Role role(@Nullable Object claim) {
        Set<String> named = names(claim);
        List<Role> known = STRONGEST_FIRST.stream()
                .filter(role -> named.contains(role.wireName()))
                .toList();
        return known.stream()
                .filter(roles::contains)
                .findFirst()
                .orElseGet(() -> known.stream().findFirst().orElse(null));
    }

    /** What a claim lists: a list's texts, or the words of a text, as scopes are written. */
    private static Set<String> names(@Nullable Object claim) {
        if (claim instanceof Collection<?> list) {
            return list.stream()
                    .filter(String.class::isInstance)
                    .map(String.class::cast)
                    .collect(Collectors.toSet());
        }
        return claim instanceof String text ? Arrays.stream(text.split(" ", -1)).collect(Collectors.toSet()) : Set.of();
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
