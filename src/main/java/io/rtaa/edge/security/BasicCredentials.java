package io.rtaa.edge.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code key:token} pairs that may call by HTTP Basic; several are good side by side, for rotation. Only digests of them
 * are kept, and comparing takes the same time wherever a guess differs.
 *
 * <p>Thread-safety: any thread.
 */
public final class BasicCredentials {
    private final List<byte[]> digests;

    private BasicCredentials(List<byte[]> digests) {
        this.digests = digests;
    }

    /**
     * Reads {@code key:token} pairs separated by commas or lines.
     *
     * @throws IllegalArgumentException if there is no pair or one lacks its key or token; names its place, never its text
     */
    public static BasicCredentials parse(String pairs) {
        List<byte[]> digests = new ArrayList<>();
        for (String pair : pairs.strip().split("\\s*(?:,|\\R)\\s*", -1)) {
            int colon = pair.indexOf(':');
            if (colon < 1 || colon == pair.length() - 1) {
                throw new IllegalArgumentException("pair " + (digests.size() + 1)
                        + " is not key:token; allowed: key:token, several separated by commas or lines");
            }
            digests.add(digest(pair.getBytes(StandardCharsets.UTF_8)));
        }
        return new BasicCredentials(List.copyOf(digests));
    }

    /**
     * Checks what follows {@code Basic } in an Authorization header.
     *
     * @return the user name; null where it is not base64 or no pair that is good
     */
    public @Nullable String check(String base64) {
        byte[] given;
        try {
            given = Base64.getDecoder().decode(base64.strip());
        } catch (IllegalArgumentException e) {
            return null;
        }
        byte[] digest = digest(given);
        boolean good = false;
        for (byte[] known : digests) {
            good |= MessageDigest.isEqual(known, digest);
        }
        String pair = new String(given, StandardCharsets.UTF_8);
        return good ? pair.substring(0, pair.indexOf(':')) : null;
    }

    private static byte[] digest(byte[] secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Says how many pairs there are; nothing of them. */
    @Override
    public String toString() {
        return "BasicCredentials[" + digests.size() + "]";
    }
}
