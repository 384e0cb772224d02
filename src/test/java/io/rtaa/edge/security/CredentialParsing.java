package io.rtaa.edge.security;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWKSet;
import io.rtaa.call.CidrList;
import io.rtaa.call.Handshake;
import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import java.net.URI;
import java.text.ParseException;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what peers and issuers send to the edge, for tests of other packages. */
public final class CredentialParsing {

    private static final StreamTokens STREAM_TOKENS = new StreamTokens(HandshakeRoutes.privateKey(), Clock.systemUTC());
    private static final BasicCredentials PAIRS = BasicCredentials.parse("exotel:secret");
    private static final OutsideAddress BEHIND_A_PROXY = new OutsideAddress(null, CidrList.parse("0.0.0.0/0"));

    private CredentialParsing() {}

    /** The public key that belongs to the tokens of {@link HandshakeRoutes#token}, and its private one, as PEM. */
    public static List<String> pem() {
        return List.of(
                JwtVerifierTest.pem("PUBLIC KEY", HandshakeRoutes.publicKey()),
                JwtVerifierTest.pem("PRIVATE KEY", HandshakeRoutes.privateKey()));
    }

    /** A good token of a tenant's. */
    public static String token(Role role) {
        return HandshakeRoutes.token(role, "acme");
    }

    /** As a set of keys is read that an issuer's address answers with, and asked for the key of a token. */
    public static void jwks(String text) {
        JWKSet set;
        try {
            set = JWKSet.parse(text);
        } catch (ParseException | RuntimeException refused) {
            // The library throws more than it says, which the verifier takes for a fetch that failed.
            return;
        }
        PublicKeys keys = PublicKeys.ofJwks(set.getKeys());
        for (JWSAlgorithm algorithm : PublicKeys.ALGORITHMS) {
            keys.matching(new JWSHeader.Builder(algorithm).keyID("k").build());
        }
    }

    /**
     * Reads the token of a stream URL.
     *
     * @return whom it lets in; null for a refusal
     */
    public static @Nullable String streamToken(String text) {
        StreamTokens.isStreamToken(text);
        return STREAM_TOKENS.read(text) instanceof StreamTokens.Reading.Good good
                ? good.caller().name()
                : null;
    }

    /** A good token of a stream URL. */
    public static String mintStreamToken() {
        return STREAM_TOKENS.mint(Principal.ANYONE, "call");
    }

    /** Whose pair the rest of an {@code Authorization: Basic} is; null for none. */
    public static @Nullable String basic(String base64) {
        return PAIRS.check(base64);
    }

    /** The address that a peer behind a proxy is given, which has to be one. */
    public static void outsideAddress(Handshake handshake) {
        BEHIND_A_PROXY.websockets(handshake, false).ifPresent(URI::create);
    }

    /** Whether a page of a browser may send this handshake. */
    public static void origin(Handshake handshake) {
        HandshakeRoutes.SAME_ORIGIN.objection(handshake);
    }
}
