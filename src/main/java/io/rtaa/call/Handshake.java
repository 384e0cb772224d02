package io.rtaa.call;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A request for a connection, before anything is granted.
 *
 * @param kind what the peers of the endpoint are there for
 * @param path the path, without the query
 * @param query the raw query without its question mark and without any token; null where nothing is left of it
 * @param queryToken the token of the query, decoded; null where it has none
 * @param remoteAddress the address of the peer that opened the TCP connection, without its port
 * @param headers header values by lower-case name, in the order they came
 * @param isUpgrade whether a websocket is asked for, and not just an answer
 */
public record Handshake(
        PeerKind kind,
        String path,
        @Nullable String query,
        @Nullable String queryToken,
        String remoteAddress,
        Map<String, List<String>> headers,
        boolean isUpgrade) {

    /** The parameter of a query that holds a token. */
    private static final String TOKEN = "token";

    /**
     * The handshake of an HTTP request.
     *
     * @param query the raw query as it came; null for none
     * @param headers names in any case and values, in the order they came
     */
    public static Handshake of(
            PeerKind kind,
            String path,
            @Nullable String query,
            String remoteAddress,
            Iterable<Map.Entry<String, String>> headers,
            boolean isUpgrade) {
        Map<String, List<String>> byName = new LinkedHashMap<>();
        for (Map.Entry<String, String> header : headers) {
            byName.computeIfAbsent(header.getKey().toLowerCase(Locale.ROOT), any -> new ArrayList<>(1))
                    .add(header.getValue());
        }
        String token = queryValues(query, TOKEN).stream().findFirst().orElse(null);
        return new Handshake(kind, path, withoutToken(query), token, remoteAddress, byName, isUpgrade);
    }

    private static @Nullable String withoutToken(@Nullable String query) {
        String rest = parameters(query)
                .filter(parameter -> !decoded(parameter.split("=", 2)[0]).equals(TOKEN))
                .collect(Collectors.joining("&"));
        return rest.isEmpty() ? null : rest;
    }

    /** The first value of a header, or null; the name is given in lower case. */
    public @Nullable String header(String lowerCaseName) {
        List<String> values = headers.get(lowerCaseName);
        return values == null || values.isEmpty() ? null : values.get(0);
    }

    /** The id that the listener took from the request or gave it; null for a handshake that did not come by it. */
    public @Nullable String requestId() {
        return header(RequestId.HEADER);
    }

    /** Whether it brings any credential, right or wrong, in one of the places where a credential may be. */
    public boolean bringsCredential() {
        String subprotocols = String.join(",", headers.getOrDefault("sec-websocket-protocol", List.of()));
        return header("authorization") != null || queryToken != null || subprotocols.matches("(?s)\\s*bearer\\s*,.+");
    }

    /**
     * The decoded values of a parameter of a query, in their order; one that is named without a value is empty. What is
     * not URL-encoded is taken as it is: the listener refuses such addresses.
     *
     * @param query what follows the question mark, raw; null for none
     */
    public static List<String> queryValues(@Nullable String query, String name) {
        return parameters(query)
                .map(parameter -> parameter.split("=", 2))
                .filter(parts -> decoded(parts[0]).equals(name))
                .map(parts -> parts.length == 1 ? "" : decoded(parts[1]))
                .toList();
    }

    private static Stream<String> parameters(@Nullable String query) {
        return query == null ? Stream.empty() : Arrays.stream(query.split("&", -1));
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }

    /** Names the path and the peer; headers and token are credentials and stay out, and so does the query. */
    @Override
    public String toString() {
        return "Handshake[" + path + " from " + remoteAddress + "]";
    }
}
