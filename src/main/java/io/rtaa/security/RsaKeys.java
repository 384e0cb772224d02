package io.rtaa.security;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.cert.CertificateFactory;
import java.security.interfaces.RSAKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads RSA keys from PEM, given as text or as the path of a file. In text, {@code \n} may stand for a line break, as many
 * ways of setting an environment variable allow one line only. No error holds any part of a key.
 */
public final class RsaKeys {
    /** The shortest modulus taken, in bits, as RFC 7518 asks of RS256. */
    public static final int MIN_BITS = 2048;

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----", Pattern.DOTALL);

    /** What precedes a PKCS#1 key in PKCS#8: version 0 and the algorithm rsaEncryption (RFC 5958, RFC 8017). */
    private static final byte[] PKCS8_RSA_PREFIX = {
        0x02,
        0x01,
        0x00,
        0x30,
        0x0d,
        0x06,
        0x09,
        0x2a,
        (byte) 0x86,
        0x48,
        (byte) 0x86,
        (byte) 0xf7,
        0x0d,
        0x01,
        0x01,
        0x01,
        0x05,
        0x00
    };

    @SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
    private record Block(String label, byte[] der) {
        @Override
        public String toString() {
            return "Block[" + label + "]";
        }
    }

    private RsaKeys() {}

    /**
     * Reads public keys: any number of {@code PUBLIC KEY} or {@code CERTIFICATE} blocks, at least one.
     *
     * @throws IllegalArgumentException if there is none, one cannot be read, or one is no RSA key of enough bits
     */
    public static List<RSAPublicKey> publicKeys(String pemOrFile) {
        List<RSAPublicKey> keys = new ArrayList<>();
        for (Block block : blocks(pemOrFile)) {
            keys.add(publicKey(block, "PEM block " + (keys.size() + 1) + " (" + block.label + ")"));
        }
        return List.copyOf(keys);
    }

    /**
     * Reads one private key: a {@code PRIVATE KEY} (PKCS#8) or {@code RSA PRIVATE KEY} (PKCS#1) block, not encrypted.
     *
     * @throws IllegalArgumentException if there is not exactly one, it cannot be read, or is no RSA key of enough bits
     */
    public static RSAPrivateKey privateKey(String pemOrFile) {
        List<Block> blocks = blocks(pemOrFile);
        if (blocks.size() != 1) {
            throw new IllegalArgumentException(blocks.size() + " PEM blocks; allowed: one PRIVATE KEY");
        }
        Block block = blocks.get(0);
        byte[] pkcs8 = switch (block.label) {
            case "PRIVATE KEY" -> block.der;
            case "RSA PRIVATE KEY" -> pkcs8(block.der);
            default ->
                throw new IllegalArgumentException("PEM block " + block.label
                        + "; allowed: PRIVATE KEY (PKCS#8) or RSA PRIVATE KEY (PKCS#1), not encrypted");
        };
        try {
            Key key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            return strong((RSAPrivateKey) key, "the private key");
        } catch (GeneralSecurityException | ClassCastException e) {
            throw new IllegalArgumentException("the private key cannot be read as an RSA key", e);
        }
    }

    private static RSAPublicKey publicKey(Block block, String name) {
        try {
            Key key = switch (block.label) {
                case "PUBLIC KEY" -> KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(block.der));
                case "CERTIFICATE" ->
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(block.der))
                            .getPublicKey();
                default -> throw new IllegalArgumentException(name + "; allowed: PUBLIC KEY or CERTIFICATE");
            };
            return strong((RSAPublicKey) key, name);
        } catch (GeneralSecurityException | ClassCastException e) {
            throw new IllegalArgumentException(name + " cannot be read as an RSA public key", e);
        }
    }

    private static <K extends RSAKey> K strong(K key, String name) {
        int bits = key.getModulus().bitLength();
        if (bits < MIN_BITS) {
            throw new IllegalArgumentException(name + " has " + bits + " bits; allowed: " + MIN_BITS + " or more");
        }
        return key;
    }

    private static List<Block> blocks(String pemOrFile) {
        String pem = pemOrFile.contains("-----BEGIN ") ? pemOrFile.replace("\\n", "\n") : read(pemOrFile);
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(pem);
        while (matcher.find()) {
            try {
                byte[] der = Base64.getMimeDecoder().decode(matcher.group(2));
                blocks.add(new Block(matcher.group(1), der));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("PEM block " + (blocks.size() + 1) + " is not base64", e);
            }
        }
        if (blocks.isEmpty()) {
            throw new IllegalArgumentException("no PEM block found; allowed: PEM text or the path of a PEM file");
        }
        return blocks;
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file.strip()), StandardCharsets.ISO_8859_1);
        } catch (IOException | InvalidPathException e) {
            // The value is left out: it may be a key somebody pasted without its frame.
            throw new IllegalArgumentException(
                    "neither PEM text nor a file that can be read ("
                            + e.getClass().getSimpleName() + ")",
                    e);
        }
    }

    private static byte[] pkcs8(byte[] pkcs1) {
        byte[] octets = tagged(0x04, pkcs1);
        return tagged(
                0x30,
                ByteBuffer.allocate(PKCS8_RSA_PREFIX.length + octets.length)
                        .put(PKCS8_RSA_PREFIX)
                        .put(octets)
                        .array());
    }

    private static byte[] tagged(int tag, byte[] content) {
        // The two-byte long form of a DER length: every key of MIN_BITS or more fits it and needs it.
        return ByteBuffer.allocate(content.length + 4)
                .put((byte) tag)
                .put((byte) 0x82)
                .putShort((short) content.length)
                .put(content)
                .array();
    }
}
