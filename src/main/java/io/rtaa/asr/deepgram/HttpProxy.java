package io.rtaa.asr.deepgram;

import io.rtaa.call.CidrList;
import io.rtaa.call.UrlAuthority;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy that opens a tunnel to Deepgram ({@code CONNECT}), and the rules that say which hosts are reached
 * without one.
 *
 * <p>Thread-safety: immutable.
 *
 * @param host the proxy's host name or address
 * @param port the proxy's port
 * @param user for {@code Proxy-Authorization}; null for none
 * @param password null for none
 */
public record HttpProxy(
        String host,
        int port,
        @Nullable String user,
        @Nullable String password) {

    private static final int DEFAULT_PORT = 80;
    private static final int LAST_PORT = 65_535;
    private static final String ALLOWED = "; allowed: [http://][USER:PASSWORD@]HOST[:PORT]";

    /** @throws IllegalArgumentException if the port is none */
    public HttpProxy {
        if (port < 1 || port > LAST_PORT) {
            throw new IllegalArgumentException("the proxy's port is " + port + "; allowed: 1 to " + LAST_PORT);
        }
    }

    /**
     * Reads a proxy as the variable {@code HTTPS_PROXY} has it.
     *
     * @throws IllegalArgumentException that says what is wrong and what is allowed, without the password
     */
    public static HttpProxy of(String text) {
        int scheme = text.indexOf("://");
        if (scheme >= 0 && !text.substring(0, scheme).equalsIgnoreCase("http")) {
            throw new IllegalArgumentException("the proxy has the scheme '" + text.substring(0, scheme)
                    + "', and Deepgram's client speaks plain HTTP to a proxy" + ALLOWED);
        }
        URI uri;
        try {
            uri = new URI(scheme >= 0 ? text : "http://" + text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("the proxy is no address" + ALLOWED);
        }
        UrlAuthority authority = UrlAuthority.of(uri);
        if (authority == null) {
            throw new IllegalArgumentException("the proxy is no address" + ALLOWED);
        }
        String[] credentials = authority.userInfo() == null
                ? new String[0]
                : authority.userInfo().split(":", 2);
        return new HttpProxy(
                withoutBrackets(authority.host()),
                authority.port() < 0 ? DEFAULT_PORT : authority.port(),
                credentials.length > 0 ? credentials[0] : null,
                credentials.length > 1 ? credentials[1] : null);
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /**
     * Whether a host is reached without a proxy by the rules of the variable {@code NO_PROXY}.
     *
     * @param noProxy host names (which stand for their subdomains too), addresses and CIDR blocks, separated by commas
     *     or blanks, each with an optional port; {@code *} for every host
     * @param host a host name, or an address without brackets
     */
    public static boolean isExempt(String noProxy, String host, int port) {
        for (String rule : noProxy.toLowerCase(Locale.ROOT).split("[,\\s]+", -1)) {
            if (rule.equals("*") || (!rule.isEmpty() && matches(rule, host.toLowerCase(Locale.ROOT), port))) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(String rule, String host, int port) {
        String name = rule;
        int colon = rule.lastIndexOf(':');
        if (colon >= 0 && colon == rule.indexOf(':')) {
            if (!rule.substring(colon + 1).equals(Integer.toString(port))) {
                return false;
            }
            name = rule.substring(0, colon);
        }
        name = withoutBrackets(name.replaceFirst("^\\*?\\.", ""));
        return host.equals(name) || host.endsWith("." + name) || isInBlock(name, host);
    }

    private static boolean isInBlock(String block, String host) {
        try {
            return CidrList.parse(block).contains(host);
        } catch (IllegalArgumentException e) {
            // Other programs read the same variable; a rule that names no network exempts no host by its address.
            return false;
        }
    }

    /**
     * Whether a host is reached without a proxy by the rules of Java's property {@code http.nonProxyHosts}.
     *
     * @param nonProxyHosts patterns with {@code *} at either end, separated by {@code |}
     * @see <a href="https://docs.oracle.com/en/java/javase/17/core/java-networking.html">Java Networking, Proxies</a>,
     *     read November 2026
     */
    public static boolean isNonProxyHost(String nonProxyHosts, String host) {
        for (String pattern : nonProxyHosts.split("\\|", -1)) {
            String quoted = Pattern.quote(withoutBrackets(pattern.strip())).replace("*", "\\E.*\\Q");
            if (Pattern.compile(quoted, Pattern.CASE_INSENSITIVE).matcher(host).matches()) {
                return true;
            }
        }
        return false;
    }

    ProxyOptions options() {
        return new ProxyOptions()
                .setType(ProxyType.HTTP)
                .setHost(host)
                .setPort(port)
                .setUsername(user)
                .setPassword(password);
    }

    /** Without the credentials. */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
