package io.rtaa.testsupport;

import io.rtaa.call.Principal;
import io.rtaa.edge.security.TokenMint;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.RSAPublicKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import org.springframework.security.converter.RsaKeyConverters;

/** An RSA key of a test, which signs tokens. */
public record SigningKey(KeyPair pair) {

    /** The key that a service of a test trusts. */
    public static final SigningKey FIRST = read("first");

    /** Another one: the key after a rotation, or that of a stranger. */
    public static final SigningKey SECOND = read("second");

    private static SigningKey read(String name) {
        try (InputStream pem = SigningKey.class.getResourceAsStream("/keys/" + name + ".pem")) {
            RSAPrivateCrtKey key = (RSAPrivateCrtKey) RsaKeyConverters.pkcs8().convert(Objects.requireNonNull(pem));
            PublicKey open = KeyFactory.getInstance("RSA")
                    .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
            return new SigningKey(new KeyPair(open, key));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("the key " + name + " of the tests", e);
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
