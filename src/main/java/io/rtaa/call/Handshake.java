package io.rtaa.call;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request for a connection, before anything is granted.
 *
 * @param path the path, without the query
 * @param query the raw query without its question mark; null where there is none
 * @param remoteAddress the address of the peer that opened the TCP connection, without its port
 * @param headers header values by lower-case name, in the order they came
 * @param isUpgrade whether a websocket is asked for, and not just an answer
 */
public record Handshake(
        String path,
        @Nullable String query,
        String remoteAddress,
        Map<String, List<String>> headers,
        boolean isUpgrade) {

    /**
     * The handshake of an HTTP request.
     *
     * @param remoteAddress null for one that is not known
     * @param headers names in any case and values, in the order they came
     */
    public static Handshake of(
            String path,
            @Nullable String query,
            @Nullable String remoteAddress,
            Iterable<Map.Entry<String, String>> headers,
            boolean isUpgrade) {
        Map<String, List<String>> byName = new LinkedHashMap<>();
        for (Map.Entry<String, String> header : headers) {
            byName.computeIfAbsent(header.getKey().toLowerCase(Locale.ROOT), any -> new ArrayList<>(1))
                    .add(header.getValue());
        }
        return new Handshake(path, query, remoteAddress == null ? "unknown" : remoteAddress, byName, isUpgrade);
    }

    /** The first value of a header, or null; the name is given in lower case. */
    public @Nullable String header(String lowerCaseName) {
        List<String> values = headers.get(lowerCaseName);
        return values == null || values.isEmpty() ? null : values.get(0);
    }

    /** The first value of a parameter of the query; null where the query does not name it. */
    public @Nullable String queryParameter(String name) {
        return queryValues(query, name).stream().findFirst().orElse(null);
    }

    /**
     * The decoded values of a parameter of a query, in their order; one that is named without a value is empty. What is
     * not URL-encoded is taken as it is: the listener refuses such addresses.
     *
     * @param query what follows the question mark, raw; null for none
     */
    public static List<String> queryValues(@Nullable String query, String name) {
        List<String> values = new ArrayList<>();
        for (String parameter : query == null ? new String[0] : query.split("&", -1)) {
            String[] parts = parameter.split("=", 2);
            if (decoded(parts[0]).equals(name)) {
                values.add(parts.length == 1 ? "" : decoded(parts[1]));
            }
        }
        return values;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }

    /** Names the path and the peer; headers and query may hold credentials and stay out. */
    @Override
    public String toString() {
        return "Handshake[" + path + " from " + remoteAddress + "]";
    }
}
