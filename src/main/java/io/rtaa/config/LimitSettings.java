package io.rtaa.config;

import io.rtaa.edge.listener.PublicListenerOptions;
import java.time.Duration;
import java.util.List;

/**
 * How much may come in by the public listener. What only the routes of handshakes read is declared here and in no
 * component.
 *
 * @param connectionsPerAddress the most connections of one address; 0 for any number
 * @param requestsPerAddress the most requests of one address in ten seconds; 0 for any number
 * @param headerBytes the longest request line, and the most bytes of headers
 * @param handshake how long a peer may take for its first request and for the body of any, and a handshake for its
 *     answer
 * @param idle how long a plain connection may be silent
 */
public record LimitSettings(
        int connectionsPerAddress, int requestsPerAddress, int headerBytes, Duration handshake, Duration idle) {

    /** What is derived of {@code MAX_CALLS} is this at least, as browsers come in too. */
    private static final int LEAST_DERIVED = 1000;

    private static final int MOST = 1_000_000;
    private static final int MOST_SECONDS = 600;

    private static final String TWICE_THE_CALLS = "twice MAX_CALLS, " + LEAST_DERIVED + " at least";

    private static final Setting<Integer> CALLS_PER_TENANT = Setting.number(
                    "rtaa.limits.calls-per-tenant",
                    0,
                    MOST,
                    "Most live calls of one tenant; the next handshake is answered with 429; 0 is any number")
            .variable("MAX_CALLS_PER_TENANT")
            .otherwise(0)
            .build();
    private static final Setting<Integer> HANDSHAKES_PER_ADDRESS = ofTheCalls(
            "rtaa.limits.handshakes-per-address", "Callers' handshakes of one address in 10 s; 0 is any number");
    private static final Setting<Integer> HANDSHAKES_PER_PRINCIPAL = ofTheCalls(
            "rtaa.limits.handshakes-per-principal", "Callers' handshakes by one credential in 10 s; 0 is any number");
    private static final Setting<Integer> CONNECTIONS_PER_ADDRESS = ofTheCalls(
            "rtaa.limits.connections-per-address", "Connections of one address to the listener; 0 is any number");
    private static final Setting<Integer> REQUESTS_PER_ADDRESS = ofTheCalls(
            "rtaa.limits.requests-per-address", "Requests of one address in 10 s, handshakes too; 0 is any number");
    private static final Setting<Integer> WRONG_LOGINS = number(
            "rtaa.limits.wrong-logins-per-address",
            20,
            "Wrong credentials a minute of one address that get 401; further ones get 429; 0 is any number");
    private static final Setting<Integer> VIEWER_HANDSHAKES_PER_ADDRESS = number(
            "rtaa.limits.viewer-handshakes-per-address",
            1000,
            "Viewers' handshakes and API requests of one address in 10 s; 0 is any number");
    private static final Setting<Integer> VIEWER_HANDSHAKES_PER_PRINCIPAL = number(
            "rtaa.limits.viewer-handshakes-per-principal",
            1000,
            "Viewers' handshakes and API requests by one credential in 10 s; 0 is any number");
    private static final Setting<Integer> SOCKETS_PER_VIEWER =
            number("rtaa.limits.sockets-per-viewer", 50, "Viewers' sockets by one credential; 0 is any number");
    private static final Setting<Integer> HEADER_BYTES = Setting.number(
                    "rtaa.limits.header-bytes",
                    PublicListenerOptions.MIN_HEADER_BYTES,
                    PublicListenerOptions.MAX_HEADER_BYTES,
                    "Longest request line, and most bytes of a request's headers")
            .otherwise(PublicListenerOptions.DEFAULT_MAX_HEADER_BYTES)
            .build();
    private static final Setting<Integer> HANDSHAKE_SECONDS = Setting.number(
                    "rtaa.limits.handshake-seconds",
                    1,
                    MOST_SECONDS,
                    "How long a peer may take for its first request and for the body of any, and a handshake for its"
                            + " answer")
            .otherwise(PublicListenerOptions.DEFAULT_HANDSHAKE_TIMEOUT.toSeconds())
            .build();
    private static final Setting<Integer> IDLE_SECONDS = Setting.number(
                    "rtaa.limits.idle-connection-seconds",
                    1,
                    MOST_SECONDS,
                    "How long a connection that is no websocket may be silent")
            .otherwise(PublicListenerOptions.DEFAULT_IDLE_TIMEOUT.toSeconds())
            .build();

    /** Those whose default follows from {@code MAX_CALLS}. */
    static final List<Setting<Integer>> OF_THE_CALLS =
            List.of(HANDSHAKES_PER_ADDRESS, HANDSHAKES_PER_PRINCIPAL, CONNECTIONS_PER_ADDRESS, REQUESTS_PER_ADDRESS);

    /** All that are read here, and by the routes of handshakes. */
    static final List<Setting<?>> DECLARED = List.of(
            CALLS_PER_TENANT,
            HANDSHAKES_PER_ADDRESS,
            HANDSHAKES_PER_PRINCIPAL,
            CONNECTIONS_PER_ADDRESS,
            REQUESTS_PER_ADDRESS,
            WRONG_LOGINS,
            VIEWER_HANDSHAKES_PER_ADDRESS,
            VIEWER_HANDSHAKES_PER_PRINCIPAL,
            SOCKETS_PER_VIEWER,
            HEADER_BYTES,
            HANDSHAKE_SECONDS,
            IDLE_SECONDS);

    private static Setting<Integer> number(String property, int otherwise, String meaning) {
        return Setting.number(property, 0, MOST, meaning).otherwise(otherwise).build();
    }

    private static Setting<Integer> ofTheCalls(String property, String meaning) {
        return Setting.number(property, 0, MOST, meaning)
                .otherwiseInWords(TWICE_THE_CALLS)
                .build();
    }

    /**
     * The default of {@link #OF_THE_CALLS}: Exotel's calls come from one address and with one credential, and all of them
     * may end and come again within a second.
     */
    static int ofTheCalls(int maxCalls) {
        return Math.max(LEAST_DERIVED, 2 * maxCalls);
    }

    static LimitSettings read(SettingsReader reader) {
        // Placeholders of routes, which are made later and could only say that something is wrong.
        DECLARED.forEach(reader::find);
        return new LimitSettings(
                reader.get(CONNECTIONS_PER_ADDRESS),
                reader.get(REQUESTS_PER_ADDRESS),
                reader.get(HEADER_BYTES),
                Duration.ofSeconds(reader.get(HANDSHAKE_SECONDS)),
                Duration.ofSeconds(reader.get(IDLE_SECONDS)));
    }
}
