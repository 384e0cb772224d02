package io.rtaa.dashboard;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads one parameter out of a raw query. */
final class Query {

    private Query() {}

    /**
     * The decoded value of a parameter, or null where the query has none of that name.
     *
     * @param rawQuery what follows the question mark; may be null
     * @throws IllegalArgumentException if the parameter is there twice, or is not URL-encoded as it should be
     */
    static @Nullable String parameter(@Nullable String rawQuery, String name) {
        String found = null;
        if (rawQuery == null) {
            return null;
        }
        for (String pair : rawQuery.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (!decode(equals < 0 ? pair : pair.substring(0, equals), name).equals(name)) {
                continue;
            }
            if (found != null) {
                throw new IllegalArgumentException("query names " + name + " twice; allowed: once");
            }
            found = equals < 0 ? "" : decode(pair.substring(equals + 1), name);
        }
        return found;
    }

    private static String decode(String encoded, String name) {
        try {
            return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "query is not URL-encoded where " + name + " was looked for; allowed: %XX with two hex digits", e);
        }
    }
}
