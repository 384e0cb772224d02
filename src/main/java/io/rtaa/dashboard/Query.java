package io.rtaa.dashboard;

import io.rtaa.call.Handshake;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one parameter out of a raw query. */
final class Query {

    private Query() {}

    /**
     * The decoded value of a parameter, or null where the query has none of that name.
     *
     * @param rawQuery what follows the question mark; may be null
     * @throws IllegalArgumentException if the parameter is there twice
     */
    static @Nullable String parameter(@Nullable String rawQuery, String name) {
        List<String> values = Handshake.queryValues(rawQuery, name);
        if (values.size() > 1) {
            throw new IllegalArgumentException("query names " + name + " twice; allowed: once");
        }
        return values.isEmpty() ? null : values.get(0);
    }
}
