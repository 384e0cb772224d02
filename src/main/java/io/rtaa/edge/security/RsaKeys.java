package io.rtaa.edge.security;

import io.rtaa.edge.security.PemBlocks.Block;
import java.security.interfaces.RSAPrivateKey;
import java.util.List;
import java.util.Set;
import org.springframework.boot.ssl.pem.PemContent;

/** Reads RSA private keys from PEM, given as text or as the path of a file. No error holds any part of a key. */
public final class RsaKeys {
    /** The shortest modulus taken, in bits, as RFC 7518 asks of RS256. */
    public static final int MIN_BITS = 2048;

    private static final Set<String> PRIVATE = Set.of("PRIVATE KEY", "RSA PRIVATE KEY");

    private RsaKeys() {}

    /**
     * Reads one private key: a {@code PRIVATE KEY} (PKCS#8) or {@code RSA PRIVATE KEY} (PKCS#1) block, not encrypted.
     *
     * @throws IllegalArgumentException if there is not exactly one, it cannot be read, or is no RSA key of enough bits
     */
    public static RSAPrivateKey privateKey(String pemOrFile) {
        List<Block> blocks = PemBlocks.ofTextOrFile(pemOrFile);
        if (blocks.size() != 1) {
            throw new IllegalArgumentException(blocks.size() + " PEM blocks; allowed: one PRIVATE KEY");
        }
        Block block = blocks.get(0);
        if (!PRIVATE.contains(block.label())) {
            throw new IllegalArgumentException("PEM block " + block.label()
                    + "; allowed: PRIVATE KEY (PKCS#8) or RSA PRIVATE KEY (PKCS#1), not encrypted");
        }
        RSAPrivateKey key;
        try {
            key = (RSAPrivateKey) PemContent.of(block.pem()).getPrivateKey();
            if (!key.getAlgorithm().equals("RSA")) {
                // A key for RSASSA-PSS only; it cannot sign as RS256 does.
                throw new IllegalStateException(key.getAlgorithm());
            }
        } catch (IllegalStateException | ClassCastException e) {
            throw new IllegalArgumentException("the private key cannot be read as an RSA key", e);
        }
        int bits = key.getModulus().bitLength();
        if (bits < MIN_BITS) {
            throw new IllegalArgumentException(
                    "the private key has " + bits + " bits; allowed: " + MIN_BITS + " or more");
        }
        return key;
    }
}
