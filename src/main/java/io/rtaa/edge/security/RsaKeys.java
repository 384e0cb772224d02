package io.rtaa.edge.security;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.interfaces.RSAKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.springframework.boot.ssl.pem.PemContent;
import org.springframework.security.converter.RsaKeyConverters;

/**
 * Reads RSA keys from PEM, given as text or as the path of a file. In text, {@code \n} may stand for a line break, as many
 * ways of setting an environment variable allow one line only. No error holds any part of a key.
 */
public final class RsaKeys {
    /** The shortest modulus taken, in bits, as RFC 7518 asks of RS256. */
    public static final int MIN_BITS = 2048;

    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

    private static final Set<String> PUBLIC = Set.of("PUBLIC KEY", "CERTIFICATE");
    private static final Set<String> PRIVATE = Set.of("PRIVATE KEY", "RSA PRIVATE KEY");

    private RsaKeys() {}

    /**
     * Reads public keys: any number of {@code PUBLIC KEY} or {@code CERTIFICATE} blocks, at least one.
     *
     * @throws IllegalArgumentException if there is none, one cannot be read, or one is no RSA key of enough bits
     */
    public static List<RSAPublicKey> publicKeys(String pemOrFile) {
        List<RSAPublicKey> keys = new ArrayList<>();
        for (MatchResult block : blocks(pemOrFile)) {
            keys.add(publicKey(block, "PEM block " + (keys.size() + 1) + " (" + block.group(1) + ")"));
        }
        return List.copyOf(keys);
    }

    /**
     * Reads one private key: a {@code PRIVATE KEY} (PKCS#8) or {@code RSA PRIVATE KEY} (PKCS#1) block, not encrypted.
     *
     * @throws IllegalArgumentException if there is not exactly one, it cannot be read, or is no RSA key of enough bits
     */
    public static RSAPrivateKey privateKey(String pemOrFile) {
        List<MatchResult> blocks = blocks(pemOrFile);
        if (blocks.size() != 1) {
            throw new IllegalArgumentException(blocks.size() + " PEM blocks; allowed: one PRIVATE KEY");
        }
        MatchResult block = blocks.get(0);
        if (!PRIVATE.contains(block.group(1))) {
            throw new IllegalArgumentException("PEM block " + block.group(1)
                    + "; allowed: PRIVATE KEY (PKCS#8) or RSA PRIVATE KEY (PKCS#1), not encrypted");
        }
        RSAPrivateKey key;
        try {
            key = (RSAPrivateKey) PemContent.of(pem(block)).getPrivateKey();
            if (!key.getAlgorithm().equals("RSA")) {
                // A key for RSASSA-PSS only; it cannot sign as RS256 does.
                throw new IllegalStateException(key.getAlgorithm());
            }
        } catch (IllegalStateException | ClassCastException e) {
            throw new IllegalArgumentException("the private key cannot be read as an RSA key", e);
        }
        return strong(key, "the private key");
    }

    private static RSAPublicKey publicKey(MatchResult block, String name) {
        if (!PUBLIC.contains(block.group(1))) {
            throw new IllegalArgumentException(name + "; allowed: PUBLIC KEY or CERTIFICATE");
        }
        byte[] pem = pem(block).getBytes(StandardCharsets.ISO_8859_1);
        RSAPublicKey key;
        try {
            key = RsaKeyConverters.x509().convert(new ByteArrayInputStream(pem));
        } catch (IllegalArgumentException | ClassCastException e) {
            throw new IllegalArgumentException(name + " cannot be read as an RSA public key", e);
        }
        return strong(key, name);
    }

    /** The block as the readers want it: they take neither a key that is indented nor one on the line of its frame. */
    private static String pem(MatchResult block) {
        String label = block.group(1);
        String key = block.group(2).replaceAll("\\s+", "");
        return "-----BEGIN " + label + "-----\n" + key + "\n-----END " + label + "-----";
    }

    private static <K extends RSAKey> K strong(K key, String name) {
        int bits = key.getModulus().bitLength();
        if (bits < MIN_BITS) {
            throw new IllegalArgumentException(name + " has " + bits + " bits; allowed: " + MIN_BITS + " or more");
        }
        return key;
    }

    private static List<MatchResult> blocks(String pemOrFile) {
        String pem = pemOrFile.contains("-----BEGIN ") ? pemOrFile.replace("\\n", "\n") : read(pemOrFile);
        List<MatchResult> blocks = BLOCK.matcher(pem).results().toList();
        if (blocks.isEmpty()) {
            throw new IllegalArgumentException("no PEM block found; allowed: PEM text or the path of a PEM file");
        }
        return blocks;
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file.strip()), StandardCharsets.ISO_8859_1);
        } catch (IOException | InvalidPathException e) {
            // The value is left out, and with it the cause, which names it: it may be a key that was pasted without its
            // frame.
            throw new IllegalArgumentException("neither PEM text nor a file that can be read ("
                    + e.getClass().getSimpleName() + ")");
        }
    }
}
