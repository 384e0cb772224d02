package io.rtaa.edge.security;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a claim of a token is named: by its name, or by a path of names through objects. */
final class ClaimPath {

    private ClaimPath() {}

    /**
     * Checks how a claim is named.
     *
     * @throws IllegalArgumentException if the name is blank
     */
    static String require(String option, String path) {
        if (path.isBlank()) {
            throw new IllegalArgumentException(
                    option + " is blank; allowed: the name of a claim, or a path of names separated by dots");
        }
        return path;
    }

    /**
     * What a path names; null where there is no such claim. A whole name wins over a path, here and in each object on
     * the way: names may hold dots, as {@code https://example.org/role} does.
     */
    static @Nullable Object find(Map<?, ?> claims, String path) {
        Object whole = claims.get(path);
        if (whole != null) {
            return whole;
        }
        for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
            if (claims.get(path.substring(0, dot)) instanceof Map<?, ?> object) {
                Object found = find(object, path.substring(dot + 1));
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }
}
