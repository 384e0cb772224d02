package io.rtaa.edge.security;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.call.CidrList;
import io.rtaa.call.ClientAddress;
import io.rtaa.call.Handshake;
import io.rtaa.call.HandshakeGuard.Verdict;
import io.rtaa.call.PeerKind;
import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import io.rtaa.edge.listener.PublicListenerOptions;
import io.rtaa.routes.HandshakeRoute;
import io.rtaa.routes.LimitMeters;
import io.rtaa.telephony.AdmissionStep;
import io.rtaa.telephony.LiveLegs;
import io.rtaa.tracing.CallTracing;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.jspecify.annotations.Nullable;

/** The product's routes of handshakes, with the settings that a test gives them, and handshakes to ask them about. */
final class HandshakeRoutes implements AutoCloseable {

    static final OriginPolicy SAME_ORIGIN = OriginPolicy.sameOrigin(null, CidrList.NONE);
    static final BasicCredentials BASIC = BasicCredentials.parse("old:one, new:t:wo");
    private static final List<String> LIMITS = List.of(
            "handshakes-per-address",
            "handshakes-per-principal",
            "wrong-logins-per-address",
            "calls-per-tenant",
            "viewer-handshakes-per-address",
            "viewer-handshakes-per-principal",
            "sockets-per-viewer");

    static final IpAllowList EVERYBODY = new IpAllowList(null, CidrList.NONE);

    private static final KeyPair KEY = key();

    private final CamelContext context = new DefaultCamelContext();
    private final HandshakeRoute exotel =
            new HandshakeRoute(context, "direct:exotel-handshake", PublicListenerOptions.DEFAULT_HANDSHAKE_TIMEOUT);
    private final HandshakeRoute callers =
            new HandshakeRoute(context, "direct:caller-handshake", PublicListenerOptions.DEFAULT_HANDSHAKE_TIMEOUT);
    private final HandshakeRoute viewers =
            new HandshakeRoute(context, "direct:viewer-handshake", PublicListenerOptions.DEFAULT_HANDSHAKE_TIMEOUT);
    final LiveLegs liveLegs;
    final MeterRegistry meters = new SimpleMeterRegistry();

    private HandshakeRoutes(
            IpAllowList addresses,
            @Nullable BasicCredentials basic,
            TokenVerifier tokens,
            OriginPolicy origins,
            Map<String, String> limits)
            throws Exception {
        this(addresses, basic, tokens, origins, StreamTokens.none(), Clock.systemUTC(), limits);
    }

    private HandshakeRoutes(
            IpAllowList addresses,
            @Nullable BasicCredentials basic,
            TokenVerifier tokens,
            OriginPolicy origins,
            StreamTokens streamTokens,
            Clock clock,
            Map<String, String> limits)
            throws Exception {
        Properties properties = new Properties();
        properties.setProperty("rtaa.jwt.role-claim", "role");
        properties.setProperty("rtaa.jwt.tenant-claim", "tenant");
        for (String limit : LIMITS) {
            properties.setProperty("rtaa.limits." + limit, limits.getOrDefault(limit, "0"));
        }
        context.getPropertiesComponent().setInitialProperties(properties);
        context.getRegistry()
                .bind(
                        "streamToken",
                        new StreamTokenStep(
                                streamTokens,
                                new ProcessUses(clock),
                                new StreamTokenMeters(new SimpleMeterRegistry())));
        context.getRegistry().bind("clientAddress", new ClientAddress(CidrList.parse("10.0.0.0/8")));
        context.getRegistry().bind("limitMeters", new LimitMeters(meters));
        liveLegs = new LiveLegs(limits.isEmpty() ? 1 : 1000, Clock.systemUTC(), CallTracing.OFF);
        context.getRegistry().bind("allowList", new AllowListStep(addresses));
        context.getRegistry().bind("basic", new BasicStep(basic));
        context.getRegistry().bind("tokenVerifier", tokens);
        context.getRegistry().bind("origin", new OriginStep(origins));
        context.getRegistry().bind("credential", new CredentialStep(origins));
        context.getRegistry().bind("admission", new AdmissionStep(liveLegs, new LimitMeters(meters)));
        for (String file : List.of("shared/policies", "ingest/handshakes", "dashboard/handshake")) {
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(PluginHelper.getResourceLoader(context)
                            .resolveResource("classpath:routes/" + file + ".camel.yaml"));
        }
        for (HandshakeRoute route : List.of(exotel, callers, viewers)) {
            context.addService(route, true, true);
        }
        context.start();
    }

    /** With two pairs and a key. */
    static HandshakeRoutes guarded() throws Exception {
        return new HandshakeRoutes(EVERYBODY, BASIC, tokens(), SAME_ORIGIN, Map.of());
    }

    /** With two pairs, a key, and the tokens of stream URLs. */
    static HandshakeRoutes withStreamTokens(StreamTokens streamTokens, Clock clock) throws Exception {
        return new HandshakeRoutes(EVERYBODY, BASIC, tokens(), SAME_ORIGIN, streamTokens, clock, Map.of());
    }

    /** With what is given. */
    static HandshakeRoutes with(IpAllowList addresses, @Nullable BasicCredentials basic, TokenVerifier tokens)
            throws Exception {
        return new HandshakeRoutes(addresses, basic, tokens, SAME_ORIGIN, Map.of());
    }

    /** Without any credential, so that whoever can connect comes in. */
    static HandshakeRoutes open(OriginPolicy origins) throws Exception {
        return new HandshakeRoutes(EVERYBODY, null, TokenVerifier.NONE, origins, Map.of());
    }

    /**
     * With two pairs, a key, room for many calls, and limits.
     *
     * @param limits by their property's name below {@code rtaa.limits}; any number for those that are not named
     */
    static HandshakeRoutes limited(Map<String, String> limits) throws Exception {
        return new HandshakeRoutes(EVERYBODY, BASIC, tokens(), SAME_ORIGIN, limits);
    }

    /** Without any credential, but with limits. */
    static HandshakeRoutes openButLimited(Map<String, String> limits) throws Exception {
        return new HandshakeRoutes(EVERYBODY, null, TokenVerifier.NONE, OriginPolicy.anyOrigin(), limits);
    }

    /** What a limit has refused. */
    double refused(String limit) {
        return meters.get("rtaa.limits.refused").tag("limit", limit).counter().count();
    }

    /** Verifies what {@link #token} makes. */
    static TokenVerifier tokens() {
        return new JwtVerifier(
                PublicKeys.ofPem(JwtVerifierTest.pem("PUBLIC KEY", KEY.getPublic())),
                TokenRules.ANY,
                Clock.systemUTC());
    }

    /** The private key behind {@link #tokens}. */
    static RSAPrivateKey privateKey() {
        return (RSAPrivateKey) KEY.getPrivate();
    }

    /** The public half of {@link #privateKey}. */
    static PublicKey publicKey() {
        return KEY.getPublic();
    }

    static String token(Role role, @Nullable String tenant) {
        return new TokenMint((RSAPrivateKey) KEY.getPrivate(), Clock.systemUTC())
                .mint(new Principal("tester", role, tenant), Duration.ofMinutes(1));
    }

    Verdict exotel(@Nullable String query, Map<String, List<String>> headers) {
        return exotel.check(handshake(PeerKind.CALLER, query, headers))
                .toCompletableFuture()
                .join();
    }

    /** A handshake on Exotel's endpoint with a token in its address, by one of the handshakes' routes. */
    Verdict withQueryToken(String route, String path, String token, boolean isUpgrade) {
        HandshakeRoute asked = switch (route) {
            case "exotel" -> exotel;
            case "caller" -> callers;
            default -> viewers;
        };
        return asked.check(Handshake.of(PeerKind.CALLER, path, "token=" + token, "192.0.2.1", List.of(), isUpgrade))
                .toCompletableFuture()
                .join();
    }

    Verdict exotelFrom(String address) {
        return exotel.check(new Handshake(PeerKind.CALLER, "/", null, null, address, Map.of(), true))
                .toCompletableFuture()
                .join();
    }

    /** A handshake on Exotel's endpoint from an address. */
    Verdict exotelFrom(String address, Map<String, List<String>> headers) {
        return exotel.check(new Handshake(PeerKind.CALLER, "/", null, null, address, headers, true))
                .toCompletableFuture()
                .join();
    }

    Verdict caller(Map<String, List<String>> headers) {
        return callers.check(handshake(PeerKind.CALLER, null, headers))
                .toCompletableFuture()
                .join();
    }

    /** A request to a caller's endpoint that asks for no websocket. */
    Verdict plainCaller() {
        return callers.check(new Handshake(PeerKind.CALLER, "/", null, null, "127.0.0.1", Map.of(), false))
                .toCompletableFuture()
                .join();
    }

    Verdict viewer(@Nullable String query, Map<String, List<String>> headers) {
        return viewers.check(handshake(PeerKind.VIEWER, query, headers))
                .toCompletableFuture()
                .join();
    }

    /** A viewer's request that asks for no websocket. */
    Verdict viewerRequest(Map<String, List<String>> headers) {
        return viewers.check(new Handshake(PeerKind.VIEWER, "/", null, null, "192.0.2.1", headers, false))
                .toCompletableFuture()
                .join();
    }

    private static Handshake handshake(PeerKind kind, @Nullable String query, Map<String, List<String>> headers) {
        List<Map.Entry<String, String>> lines = headers.entrySet().stream()
                .flatMap(header -> header.getValue().stream().map(value -> Map.entry(header.getKey(), value)))
                .toList();
        return Handshake.of(kind, "/", query, "192.0.2.1", lines, true);
    }

    static Map<String, List<String>> authorization(String value) {
        return Map.of("authorization", List.of(value));
    }

    static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static KeyPair key() {
        try {
            return JwtVerifierTest.generate(2048);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        context.stop();
    }
}
