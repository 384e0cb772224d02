package io.rtaa.asr.deepgram;

import io.rtaa.asr.CoolDown;
import io.rtaa.call.UrlAuthority;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where Deepgram is and how long it is waited for.
 *
 * @param baseUrl {@code wss://host[:port][/prefix]}, or {@code ws://} for a stand-in; {@value #LISTEN_PATH} is added
 * @param connectTimeout for the TCP connection, and again for the handshake
 * @param keepAliveAfter a KeepAlive goes out when nothing was sent for so long, give or take a quarter; Deepgram asks for
 *     one every 3 to 5 s
 * @param sendTimeout a message that did not get into the socket after so long, up to a quarter more, loses the connection
 * @param drainTimeout a connection that is not closed so long after its end was asked, up to a quarter more, is lost
 * @param coolDown how long a key that Deepgram refused is left alone at first; that doubles with each refusal
 * @param maxCoolDown the longest cool-down of a key; at least {@code coolDown}
 */
public record DeepgramTransport(
        URI baseUrl,
        Duration connectTimeout,
        Duration keepAliveAfter,
        Duration sendTimeout,
        Duration drainTimeout,
        Duration coolDown,
        Duration maxCoolDown) {

    /** The path that is added to the base URL. */
    public static final String LISTEN_PATH = "/v1/listen";

    private static final int LAST_PORT = 65_535;

    public static final URI DEFAULT_BASE_URL = URI.create("wss://api.deepgram.com");
    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(5);
    /** Deepgram closes after 10 s of silence. */
    public static final Duration DEFAULT_KEEP_ALIVE_AFTER = Duration.ofSeconds(4);

    public static final Duration DEFAULT_SEND_TIMEOUT = Duration.ofSeconds(5);
    public static final Duration DEFAULT_DRAIN_TIMEOUT = Duration.ofSeconds(10);

    /** @throws IllegalArgumentException that says what is wrong and what is allowed, never showing credentials */
    public DeepgramTransport {
        String scheme = baseUrl.getScheme() == null ? "" : baseUrl.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("wss") && !scheme.equals("ws")) {
            throw new IllegalArgumentException(
                    "the base URL has the scheme '" + scheme + "'; allowed: wss, or ws for a stand-in");
        }
        UrlAuthority authority = UrlAuthority.of(baseUrl);
        if (authority == null) {
            throw new IllegalArgumentException("the base URL names no host; allowed: " + scheme + "://host[:port]");
        }
        if (authority.userInfo() != null || baseUrl.getRawQuery() != null || baseUrl.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "the base URL has a user, a query or a fragment; allowed: " + scheme + "://host[:port][/prefix]");
        }
        if (authority.port() == 0 || authority.port() > LAST_PORT) {
            throw new IllegalArgumentException(
                    "the base URL has the port " + authority.port() + "; allowed: 1 to " + LAST_PORT);
        }
        if (withoutSlashes(baseUrl.getRawPath()).endsWith(LISTEN_PATH)) {
            throw new IllegalArgumentException(
                    "the base URL ends in " + LISTEN_PATH + "; allowed: without it, as it is added");
        }
        requirePositive("connectTimeout", connectTimeout);
        requirePositive("keepAliveAfter", keepAliveAfter);
        requirePositive("sendTimeout", sendTimeout);
        requirePositive("drainTimeout", drainTimeout);
        requirePositive("coolDown", coolDown);
        if (maxCoolDown.compareTo(coolDown) < 0) {
            throw new IllegalArgumentException(
                    "maxCoolDown is " + maxCoolDown + "; allowed: as long as coolDown, " + coolDown + ", or longer");
        }
    }

    /** The default waits.
     *
     * @param baseUrl see {@link #baseUrl()}
     */
    public static DeepgramTransport to(URI baseUrl) {
        return new DeepgramTransport(
                baseUrl,
                DEFAULT_CONNECT_TIMEOUT,
                DEFAULT_KEEP_ALIVE_AFTER,
                DEFAULT_SEND_TIMEOUT,
                DEFAULT_DRAIN_TIMEOUT,
                CoolDown.DEFAULT_FIRST,
                CoolDown.DEFAULT_MOST);
    }

    /** How long nothing is written to a socket that is stuck: longer than any wait between two messages. */
    Duration stuckAfter() {
        return connectTimeout.plus(keepAliveAfter).plus(sendTimeout).plus(drainTimeout);
    }

    /** Whether TLS is spoken. */
    public boolean isSecure() {
        return "wss".equalsIgnoreCase(baseUrl.getScheme());
    }

    /** How to connect, and for which path and query. */
    WebSocketConnectOptions connectOptions(String uri) {
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost(authority().host())
                .setPort(port())
                .setSsl(isSecure())
                .setURI(uri)
                .setTimeout(connectTimeout.toMillis());
        if (baseUrl.getHost() == null) {
            // Vert.x makes a URI of host and path, and never sends a handshake where that URI has no host, as with an
            // underscore. One with a host is taken as it is; only its path is sent.
            options.setURI("http://localhost" + uri)
                    .setAllowOriginHeader(false)
                    .addHeader("Host", authority().toString());
        }
        return options;
    }

    /** The host's name or address, without brackets. */
    public String host() {
        String host = authority().host();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** The port, the scheme's default where the base URL names none. */
    public int port() {
        int port = authority().port();
        return port != -1 ? port : isSecure() ? 443 : 80;
    }

    private UrlAuthority authority() {
        return Objects.requireNonNull(UrlAuthority.of(baseUrl), "checked when this was made");
    }

    /** Path and query of a stream. */
    String uri(String query) {
        return withoutSlashes(baseUrl.getRawPath()) + LISTEN_PATH + '?' + query;
    }

    private static String withoutSlashes(@Nullable String path) {
        return path == null ? "" : path.replaceAll("/+$", "");
    }

    private static void requirePositive(String name, Duration value) {
        if (value.toMillis() < 1) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed: a millisecond or more");
        }
    }
}
