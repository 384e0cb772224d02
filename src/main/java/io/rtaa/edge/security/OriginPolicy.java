package io.rtaa.edge.security;

import io.rtaa.call.CidrList;
import io.rtaa.call.Handshake;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says whose pages may connect, by the {@code Origin} that browsers send: those of {@code PUBLIC_URL} where it is
 * set, else those of the host that the browser asked for. That host is in {@code X-Forwarded-Host} where a trusted
 * proxy sent the request and names one, else in {@code Host}. A request without an {@code Origin} passes: no page
 * opened that socket. Telephony sends none.
 *
 * <p>An origin is compared with {@code PUBLIC_URL} in full, and with a host by its name alone: proxies drop the port
 * ({@code $host} in nginx) and end TLS. Of several hosts in {@code X-Forwarded-Host} the first counts, which the
 * proxy nearest to the browser wrote. A forged one gains nothing: a page cannot set it, and a program that can may as
 * well leave out its {@code Origin}.
 *
 * <p>Thread-safety: any thread; never blocks.
 */
public final class OriginPolicy {

    private static final Logger LOG = LoggerFactory.getLogger(OriginPolicy.class);

    private static final String LOOPBACK_ONLY = "no credential is set here, so only pages of http://localhost may"
            + " connect; allowed: JWT_PUBLIC_KEY or JWT_JWKS_URL, or PUBLIC_URL where a proxy decides who may come in,"
            + " or RTAA_AUTH=none";

    /** As much of a header as a line of the log shows. */
    private static final int MAX_LOGGED_CHARS = 200;

    private final boolean any;
    private final @Nullable PublicUrl publicUrl;
    private final CidrList trustedProxies;
    private final AtomicBoolean logged = new AtomicBoolean();

    private OriginPolicy(boolean any, @Nullable PublicUrl publicUrl, CidrList trustedProxies) {
        this.any = any;
        this.publicUrl = publicUrl;
        this.trustedProxies = trustedProxies;
    }

    /** Every page may connect: authentication is off on purpose. */
    public static OriginPolicy anyOrigin() {
        return new OriginPolicy(true, null, CidrList.NONE);
    }

    /**
     * @param publicUrl whose pages may connect; null where it is not set
     * @param trustedProxies whose {@code X-Forwarded-Host} counts
     */
    public static OriginPolicy sameOrigin(@Nullable PublicUrl publicUrl, CidrList trustedProxies) {
        return new OriginPolicy(false, publicUrl, trustedProxies);
    }

    /** What is wrong with a browser's request that also has to bring a credential; empty where nothing is. */
    Optional<String> objection(Handshake handshake) {
        String header = handshake.header("origin");
        if (any || header == null) {
            return Optional.empty();
        }
        WebOrigin origin = WebOrigin.parse(header);
        if (origin == null) {
            return refused(handshake, "this page has no http origin of its own" + allowed());
        }
        boolean same = publicUrl == null ? isAskedHost(origin.host(), handshake) : origin.isSame(publicUrl.origin());
        return same ? Optional.empty() : refused(handshake, "pages of " + origin + " may not connect" + allowed());
    }

    /**
     * What is wrong with a handshake on an endpoint without a credential, which is bound to loopback; empty where
     * nothing is. An origin that matches its host is not enough here: a site whose name is made to point to this
     * machine (DNS rebinding) would match, so the host has to be loopback, or that of {@code PUBLIC_URL}.
     */
    Optional<String> objectionWithoutCredential(Handshake handshake) {
        Optional<String> objection = objection(handshake);
        if (objection.isPresent() || any || handshake.header("origin") == null) {
            return objection;
        }
        return isOwnHost(askedHost(handshake)) ? Optional.empty() : refused(handshake, LOOPBACK_ONLY);
    }

    /**
     * The same for what browsers read. A page that reads from what it takes for its own host sends no {@code Origin},
     * so the host counts in any case.
     */
    Optional<String> objectionToReader(Handshake handshake) {
        if (!any && handshake.header("host") != null && !isOwnHost(askedHost(handshake))) {
            return refused(handshake, LOOPBACK_ONLY);
        }
        return objectionWithoutCredential(handshake);
    }

    private String allowed() {
        return publicUrl == null
                ? ", as the request names another host; allowed: PUBLIC_URL set to the page's address, or a proxy that"
                        + " passes on Host, or X-Forwarded-Host with the proxy's address in TRUSTED_PROXIES"
                : "; allowed: pages of " + publicUrl.origin() + ", as PUBLIC_URL says";
    }

    private boolean isAskedHost(String host, Handshake handshake) {
        String asked = askedHost(handshake);
        return asked != null && WebOrigin.isSameHost(asked, host);
    }

    /** The host that the browser asked for, as far as proxies tell; null where no header holds one. */
    private @Nullable String askedHost(Handshake handshake) {
        List<String> forwarded = handshake.headers().getOrDefault("x-forwarded-host", List.of());
        if (!forwarded.isEmpty() && trustedProxies.contains(handshake.remoteAddress())) {
            return WebOrigin.hostOf(forwarded.get(0).split(",", 2)[0].strip());
        }
        String host = handshake.header("host");
        return host == null ? null : WebOrigin.hostOf(host);
    }

    private boolean isOwnHost(@Nullable String host) {
        return host != null
                && (isLoopback(host)
                        || (publicUrl != null
                                && WebOrigin.isSameHost(host, publicUrl.origin().host())));
    }

    private static boolean isLoopback(String host) {
        return WebOrigin.isSameHost(host, "localhost")
                || host.endsWith(".localhost")
                || WebOrigin.isSameHost(host, "[::1]")
                || (host.startsWith("127.") && CidrList.address(host) != null);
    }

    /** The counters of endpoints count each refusal; one line of the log names what did not match. */
    private Optional<String> refused(Handshake handshake, String reason) {
        if (logged.compareAndSet(false, true)) {
            LOG.atWarn()
                    .addKeyValue("path", handshake.path())
                    .addKeyValue("remote_address", handshake.remoteAddress())
                    .addKeyValue("origin", shown(handshake.header("origin")))
                    .addKeyValue("host", shown(handshake.header("host")))
                    .addKeyValue("x_forwarded_host", shown(handshake.header("x-forwarded-host")))
                    .log("A page may not connect; further refusals of this kind are counted only: {}", reason);
        }
        return Optional.of(reason);
    }

    private static @Nullable String shown(@Nullable String header) {
        return header == null ? null : header.substring(0, Math.min(header.length(), MAX_LOGGED_CHARS));
    }
}
