package io.rtaa.testsupport;

import io.rtaa.call.Principal;
import io.rtaa.edge.security.TokenMint;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;

/** An RSA key of a test, which signs tokens. */
public record SigningKey(KeyPair pair) {

    private static final int BITS = 2048;

    /** Another key each time. */
    public static SigningKey generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            return new SigningKey(generator.generateKeyPair());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has RSA", e);
        }
    }

    /** The public half, as {@code JWT_PUBLIC_KEY} takes it. */
    public String publicPem() {
        return pem("PUBLIC KEY", pair.getPublic());
    }

    /** The private half, as {@code JWT_PRIVATE_KEY} takes it. */
    public String privatePem() {
        return pem("PRIVATE KEY", pair.getPrivate());
    }

    /** A token by the wall clock. */
    public String token(Principal principal, Duration life) {
        return new TokenMint((RSAPrivateKey) pair.getPrivate(), Clock.systemUTC()).mint(principal, life);
    }

    private static String pem(String label, Key key) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                + "\n-----END " + label + "-----\n";
    }
}
