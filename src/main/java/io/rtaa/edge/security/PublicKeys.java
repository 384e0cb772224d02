package io.rtaa.edge.security;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.KeyConverter;
import com.nimbusds.jose.jwk.RSAKey;
import io.rtaa.edge.security.PemBlocks.Block;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Public keys that can have signed a token: RSA keys of at least {@value RsaKeys#MIN_BITS} bits and keys on the curves
 * P-256, P-384 and P-521.
 *
 * <p>Thread-safety: immutable.
 */
public final class PublicKeys {

    /** The algorithms that are taken. No other is, whatever the header of a token says. */
    static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    /** {@link #ALGORITHMS} for people. */
    static final String ALGORITHMS_IN_WORDS =
            ALGORITHMS.stream().map(JWSAlgorithm::getName).sorted().collect(Collectors.joining(", "));

    /** No key. */
    static final PublicKeys NONE = new PublicKeys(List.of(), false);

    /** The most keys that are tried on a token that does not say which one signed it. */
    static final int MAX_TRIED = 16;

    private static final Set<Curve> CURVES = Set.of(Curve.P_256, Curve.P_384, Curve.P_521);

    private static final String CERTIFICATE = "CERTIFICATE";
    private static final Set<String> LABELS = Set.of("PUBLIC KEY", CERTIFICATE);

    private final List<JWK> keys;
    private final boolean named;

    /** @param named whether a token that names a key is verified by the key of that name only */
    private PublicKeys(List<JWK> keys, boolean named) {
        this.keys = keys;
        this.named = named;
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }

    /**
     * Reads PEM: any number of {@code PUBLIC KEY} or {@code CERTIFICATE} blocks, at least one and at most
     * {@value #MAX_TRIED}. They have no names: any of them verifies a token.
     *
     * @throws IllegalArgumentException if there is none, or one cannot be read or is not strong enough
     */
    public static PublicKeys ofPem(String pem) {
        return ofBlocks(PemBlocks.of(pem));
    }

    /**
     * As {@link #ofPem}, of PEM text or of the file that it names.
     *
     * @throws IllegalArgumentException also if the file cannot be read
     */
    public static PublicKeys ofPemOrFile(String pemOrFile) {
        return ofBlocks(PemBlocks.ofTextOrFile(pemOrFile));
    }

    /** Whether a setting holds PEM text, and not the path of a file. */
    public static boolean isPem(String pemOrFile) {
        return PemBlocks.isPem(pemOrFile);
    }

    private static PublicKeys ofBlocks(List<Block> blocks) {
        if (blocks.size() > MAX_TRIED) {
            throw new IllegalArgumentException(blocks.size() + " PEM blocks; allowed: " + MAX_TRIED);
        }
        List<JWK> keys = new ArrayList<>();
        for (Block block : blocks) {
            keys.add(key(block, "PEM block " + (keys.size() + 1) + " (" + block.label() + ")"));
        }
        return new PublicKeys(List.copyOf(keys), false);
    }

    /**
     * The keys of a JWK set, each by its name; symmetric and weak ones, and curves that are not taken, are left out.
     */
    static PublicKeys ofJwks(List<JWK> keys) {
        return new PublicKeys(keys.stream().filter(PublicKeys::isStrong).toList(), true);
    }

    /** How many keys there are. */
    int size() {
        return keys.size();
    }

    /** Whether any key could verify a token with this header: not with {@code crit}, as no extension is understood. */
    static boolean canVerify(JWSHeader header) {
        return ALGORITHMS.contains(header.getAlgorithm()) && header.getCriticalParams() == null;
    }

    /**
     * The keys that can have signed a token with this header: those of its algorithm, and of its name where keys have
     * some.
     */
    List<Key> matching(JWSHeader header) {
        if (!canVerify(header)) {
            return List.of();
        }
        JWKMatcher matcher =
                JWKMatcher.forJWSHeader(named ? header : new JWSHeader.Builder(header.getAlgorithm()).build());
        List<JWK> matching =
                keys.stream().filter(matcher::matches).limit(MAX_TRIED).toList();
        // A JWK set may hold private keys by mistake; those stay unused.
        return KeyConverter.toJavaKeys(matching).stream()
                .filter(PublicKey.class::isInstance)
                .toList();
    }

    /** Whether both hold the same keys by the same names, in the same order. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PublicKeys that && keys.equals(that.keys) && named == that.named;
    }

    @Override
    public int hashCode() {
        return keys.hashCode();
    }

    private static boolean isStrong(JWK key) {
        if (key instanceof RSAKey rsa) {
            return rsa.size() >= RsaKeys.MIN_BITS;
        }
        return key instanceof ECKey elliptic && CURVES.contains(elliptic.getCurve());
    }

    private static JWK key(Block block, String name) {
        if (!LABELS.contains(block.label())) {
            throw new IllegalArgumentException(name + "; allowed: PUBLIC KEY or CERTIFICATE");
        }
        PublicKey key;
        try {
            key = publicKey(block);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(name + " cannot be read as an RSA or EC public key", e);
        }
        if (key instanceof RSAPublicKey rsa) {
            int bits = rsa.getModulus().bitLength();
            if (bits < RsaKeys.MIN_BITS) {
                throw new IllegalArgumentException(
                        name + " has " + bits + " bits; allowed: " + RsaKeys.MIN_BITS + " or more");
            }
            return new RSAKey.Builder(rsa).build();
        }
        if (key instanceof ECPublicKey elliptic) {
            Curve curve = Curve.forECParameterSpec(elliptic.getParams());
            if (curve == null || !CURVES.contains(curve)) {
                throw new IllegalArgumentException(name + " is on another curve; allowed: P-256, P-384, P-521");
            }
            return new ECKey.Builder(curve, elliptic).build();
        }
        throw new IllegalArgumentException(name + " cannot be read as an RSA or EC public key");
    }

    private static PublicKey publicKey(Block block) throws GeneralSecurityException {
        byte[] der = Base64.getDecoder().decode(block.base64());
        if (block.label().equals(CERTIFICATE)) {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der))
                    .getPublicKey();
        }
        InvalidKeySpecException unreadable = new InvalidKeySpecException("no key");
        for (String algorithm : List.of("RSA", "EC")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
            } catch (InvalidKeySpecException e) {
                unreadable = e;
            }
        }
        throw unreadable;
    }
}
