package io.rtaa.management;

import io.rtaa.call.Role;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Principal;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An operator with a name and a password. Only a digest of both is kept, and comparing takes the same time wherever a
 * guess differs. Two logins are equal if name, password and role are.
 *
 * <p>Thread-safety: immutable.
 */
public final class Login implements Principal {

    private final String name;
    private final Role role;
    private final byte[] digest;

    /** @param role {@link Role#VIEWER} or {@link Role#ADMIN} */
    public Login(String name, String password, Role role) {
        this.name = name;
        this.role = role;
        this.digest = digest(name, password);
    }

    private static byte[] digest(String name, String password) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(name.getBytes(StandardCharsets.UTF_8));
            sha.update((byte) 0);
            return sha.digest(password.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Whether this is the operator's name and password. */
    boolean matches(String givenName, String givenPassword) {
        return MessageDigest.isEqual(digest, digest(givenName, givenPassword));
    }

    @Override
    public String getName() {
        return name;
    }

    public Role role() {
        return role;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Login login && role == login.role && Arrays.equals(digest, login.digest);
    }

    @Override
    public int hashCode() {
        return Objects.hash(role, Arrays.hashCode(digest));
    }

    /** Name and role; nothing of the password. */
    @Override
    public String toString() {
        return "Login[" + name + ", " + role.wireName() + "]";
    }
}
