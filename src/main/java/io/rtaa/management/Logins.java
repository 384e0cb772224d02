package io.rtaa.management;

import io.rtaa.call.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The operators that may log in: one admin, and viewers. Both are replaced where their files change; who logged in
 * with what was replaced is out from then on.
 *
 * <p>Thread-safety: safe.
 */
public final class Logins {

    private volatile Login admin;
    private volatile List<Login> viewers;

    /** @param viewers none of the admin's name */
    public Logins(Login admin, List<Login> viewers) {
        this.admin = admin;
        this.viewers = List.copyOf(viewers);
    }

    /**
     * Reads {@code user:password} pairs of viewers, separated by commas or lines.
     *
     * @throws IllegalArgumentException if there is no pair, one lacks its user or password, or a user has two; names
     *     its place, never its text
     */
    public static List<Login> parseViewers(String pairs) {
        List<Login> viewers = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String pair : pairs.strip().split("\\s*(?:,|\\R)\\s*", -1)) {
            int colon = pair.indexOf(':');
            if (colon < 1 || colon == pair.length() - 1) {
                throw new IllegalArgumentException("pair " + (viewers.size() + 1)
                        + " is not user:password; allowed: user:password, several separated by commas or lines");
            }
            String name = pair.substring(0, colon);
            if (!names.add(name)) {
                throw new IllegalArgumentException("pair " + (viewers.size() + 1)
                        + " has the user of one before it; allowed: one password for each user");
            }
            viewers.add(new Login(name, pair.substring(colon + 1), Role.VIEWER));
        }
        return viewers;
    }

    /** Replaces the admin's login. */
    public void replaceAdmin(Login login) {
        admin = login;
    }

    /** Replaces the viewers' logins. */
    public void replaceViewers(List<Login> logins) {
        viewers = List.copyOf(logins);
    }

    /** The login with this name and password; null for none. Takes the same time for any wrong password. */
    @Nullable
    Login find(String name, String password) {
        Login found = admin.matches(name, password) ? admin : null;
        for (Login viewer : viewers) {
            if (viewer.matches(name, password) && found == null) {
                found = viewer;
            }
        }
        return found;
    }

    /** Whether a login that was found is still one. */
    boolean isCurrent(Login login) {
        return login.equals(admin) || viewers.contains(login);
    }
}
