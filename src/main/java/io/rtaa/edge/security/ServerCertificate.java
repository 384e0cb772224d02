package io.rtaa.edge.security;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509KeyManager;
import org.springframework.boot.ssl.pem.PemContent;

/**
 * The certificate by which a TLS listener proves who it is, with its key. No error and no text of it holds any part of the
 * key.
 *
 * <p>Thread-safety: does not change.
 */
public final class ServerCertificate {

    private static final char[] IN_MEMORY = {};

    /** How a key of each kind signs; those that Java's TLS takes and that are in use. */
    private static final Map<String, String> SIGNATURES = Map.of(
            "RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA", "Ed25519", "EdDSA", "Ed448", "EdDSA");

    private final List<X509Certificate> chain;
    private final PrivateKey key;

    private ServerCertificate(List<X509Certificate> chain, PrivateKey key) {
        this.chain = chain;
        this.key = key;
    }

    /**
     * Reads a pair.
     *
     * @param certificates PEM: the listener's own certificate, then those that vouch for it
     * @param key PEM: the private key of the first certificate, not encrypted
     * @throws IllegalArgumentException if one of them cannot be read, or the key is not that of the certificate
     */
    public static ServerCertificate ofPem(String certificates, String key) {
        List<X509Certificate> chain = chain(certificates);
        PrivateKey own = key(key);
        requirePair(chain.get(0).getPublicKey(), own);
        return new ServerCertificate(chain, own);
    }

    private static List<X509Certificate> chain(String pem) {
        List<X509Certificate> chain;
        try {
            chain = PemContent.of(pem).getCertificates();
        } catch (IllegalStateException e) {
            chain = List.of();
        }
        if (chain.isEmpty()) {
            throw new IllegalArgumentException(
                    "no certificate can be read; allowed: PEM, the server's own certificate first, then those that"
                            + " vouch for it");
        }
        return List.copyOf(chain);
    }

    private static PrivateKey key(String pem) {
        PrivateKey key;
        try {
            key = PemContent.of(pem).getPrivateKey();
        } catch (IllegalStateException e) {
            // Its cause could quote the text.
            key = null;
        }
        if (key == null) {
            throw new IllegalArgumentException("no private key can be read; allowed: PEM, one key, not encrypted");
        }
        return key;
    }

    /** Java's own stores take any key beside any certificate, and then every handshake fails. */
    private static void requirePair(PublicKey certified, PrivateKey key) {
        String algorithm = SIGNATURES.get(key.getAlgorithm());
        if (algorithm == null) {
            throw new IllegalArgumentException(
                    "the private key is for " + key.getAlgorithm() + "; allowed: RSA, EC or EdDSA");
        }
        boolean matches;
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(certified.getEncoded());
            byte[] signature = signing.sign();
            Signature verifying = Signature.getInstance(algorithm);
            verifying.initVerify(certified);
            verifying.update(certified.getEncoded());
            matches = verifying.verify(signature);
        } catch (GeneralSecurityException e) {
            matches = false;
        }
        if (!matches) {
            throw new IllegalArgumentException(
                    "the private key is not that of the first certificate; allowed: a key and its certificate");
        }
    }

    /** What a TLS listener proves itself with. */
    public X509KeyManager keyManager() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("rtaa", key, IN_MEMORY, chain.toArray(X509Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, IN_MEMORY);
            return (X509KeyManager) factory.getKeyManagers()[0];
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every Java keeps keys in memory", e);
        }
    }

    /** The listener's own certificate. */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    /** When the first of its certificates ends. */
    public Instant expires() {
        return chain.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    /** Names whom it is for. */
    @Override
    public String toString() {
        return certificate().getSubjectX500Principal().getName();
    }
}
