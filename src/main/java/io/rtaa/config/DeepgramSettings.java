package io.rtaa.config;

import io.rtaa.asr.deepgram.DeepgramKeys;
import io.rtaa.asr.deepgram.DeepgramOptions;
import io.rtaa.asr.deepgram.DeepgramTransport;
import io.rtaa.asr.deepgram.HttpProxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How Deepgram is reached and asked.
 *
 * @param keys the keys, to be rotated without a restart where they are in a file
 * @param transport where it is
 * @param options what it is asked for
 * @param proxy the HTTP proxy on the way to it; null for none
 */
public record DeepgramSettings(
        DeepgramKeys keys,
        DeepgramTransport transport,
        DeepgramOptions options,
        @Nullable HttpProxy proxy) {

    private static final int JAVA_DEFAULT_PROXY_PORT = 443;

    private static final Setting<DeepgramKeys> API_KEY = Setting.parsed(
                    "rtaa.deepgram.api-key",
                    DeepgramKeys::of,
                    "Keys of Deepgram's, several separated by commas or lines")
            .variable("DEEPGRAM_API_KEY")
            .isSecret()
            .build();
    private static final Setting<DeepgramTransport> URL = Setting.parsed(
                    "rtaa.deepgram.url",
                    url -> DeepgramTransport.to(uri(url)),
                    "Where Deepgram is, wss://HOST[:PORT][/PATH]")
            .variable("DEEPGRAM_URL")
            .otherwise(DeepgramTransport.DEFAULT_BASE_URL)
            .build();
    private static final Setting<String> MODEL = Setting.text("rtaa.deepgram.model", "Deepgram's model")
            .variable("DEEPGRAM_MODEL")
            .otherwise(DeepgramOptions.DEFAULT_MODEL)
            .build();
    private static final Setting<String> LANGUAGE = Setting.text(
                    "rtaa.deepgram.language", "Language Deepgram is asked for")
            .variable("DEEPGRAM_LANGUAGE")
            .otherwise(DeepgramOptions.DEFAULT_LANGUAGE)
            .build();
    private static final Setting<String> PARAMETERS = Setting.text(
                    "rtaa.deepgram.parameters",
                    "More of what Deepgram is asked, by its own names, name=value&...; wins over model and language")
            .variable("DEEPGRAM_PARAMETERS")
            .build();

    /** All that are read here and are the service's own. */
    static final List<Setting<?>> DECLARED = List.of(API_KEY, URL, MODEL, LANGUAGE, PARAMETERS);

    /**
     * Java's own properties, and the variables that other programs read: their names are not the service's to choose.
     */
    private static final Setting<String> JAVA_PROXY_HOST =
            surroundings("https.proxyHost").build();

    private static final Setting<Integer> JAVA_PROXY_PORT = Setting.number(
                    "https.proxyPort", 1, RtaaSettings.LAST_PORT, "Port of the proxy")
            .variable("https.proxyPort")
            .build();
    private static final Setting<String> JAVA_NON_PROXY_HOSTS =
            surroundings("http.nonProxyHosts").build();
    private static final List<Setting<HttpProxy>> HTTPS_PROXY = List.of(proxy("HTTPS_PROXY"), proxy("https_proxy"));
    private static final List<Setting<String>> NO_PROXY =
            List.of(surroundings("NO_PROXY").build(), surroundings("no_proxy").build());

    /** What Java exempts where {@code http.nonProxyHosts} is not set. */
    private static final String JAVA_DEFAULT_NON_PROXY_HOSTS = "localhost|127.*|[::1]";

    private static Setting.Builder<String> surroundings(String name) {
        return Setting.text(name, "The HTTP proxy on the way to Deepgram").variable(name);
    }

    private static Setting<HttpProxy> proxy(String name) {
        return Setting.parsed(name, HttpProxy::of, "The HTTP proxy on the way to Deepgram")
                .variable(name)
                .isSecret()
                .build();
    }

    /** Null where no key is set, or something is wrong and noted. */
    static @Nullable DeepgramSettings read(SettingsReader reader) {
        DeepgramKeys keys = keys(reader);
        DeepgramTransport transport = reader.find(URL);
        DeepgramOptions options = options(reader);
        return keys == null || transport == null || options == null
                ? null
                : new DeepgramSettings(keys, transport, options, proxy(reader, transport));
    }

    private static @Nullable DeepgramKeys keys(SettingsReader reader) {
        DeepgramKeys keys = reader.find(API_KEY);
        Path file = reader.file(API_KEY);
        return keys == null || file == null ? keys : DeepgramKeys.ofFile(file);
    }

    /** The proxy towards Deepgram: Java's properties win over the variables. Only {@code wss://} goes through one. */
    private static @Nullable HttpProxy proxy(SettingsReader reader, DeepgramTransport transport) {
        if (!transport.isSecure()) {
            return null;
        }
        String javaHost = reader.text(JAVA_PROXY_HOST);
        if (javaHost != null) {
            String exempt = Objects.requireNonNullElse(reader.text(JAVA_NON_PROXY_HOSTS), JAVA_DEFAULT_NON_PROXY_HOSTS);
            int port = reader.text(JAVA_PROXY_PORT) == null ? JAVA_DEFAULT_PROXY_PORT : reader.get(JAVA_PROXY_PORT);
            return HttpProxy.isNonProxyHost(exempt, transport.host())
                    ? null
                    : new HttpProxy(javaHost, port, null, null);
        }
        for (Setting<HttpProxy> setting : HTTPS_PROXY) {
            HttpProxy proxy = reader.find(setting);
            if (proxy != null) {
                return isExempt(reader, transport) ? null : proxy;
            }
        }
        return null;
    }

    /**
     * The variables and Java's properties that say which proxy is on the way to Deepgram, as they are set; empty where
     * Deepgram is not used, or not by {@code wss://}.
     *
     * @return the values, with user and password in them, by their names
     */
    Map<String, String> surroundings(SettingsReader reader) {
        if (!transport.isSecure()) {
            return Map.of();
        }
        List<Setting<?>> used = reader.text(JAVA_PROXY_HOST) != null
                ? List.of(JAVA_PROXY_HOST, JAVA_PROXY_PORT, JAVA_NON_PROXY_HOSTS)
                : Stream.<Setting<?>>concat(HTTPS_PROXY.stream(), NO_PROXY.stream())
                        .toList();
        Map<String, String> values = new LinkedHashMap<>();
        for (Setting<?> setting : used) {
            String text = reader.text(setting);
            // A variable in capitals is found by the other spelling, too.
            if (text != null && !values.containsValue(text)) {
                values.put(setting.variable(), text);
            }
        }
        return values;
    }

    private static boolean isExempt(SettingsReader reader, DeepgramTransport transport) {
        return NO_PROXY.stream()
                .map(reader::text)
                .filter(Objects::nonNull)
                .anyMatch(rules -> HttpProxy.isExempt(rules, transport.host(), transport.port()));
    }

    /** Whether a key is set, be it a usable one or not. */
    static boolean hasKey(SettingsReader reader) {
        return reader.isGiven(API_KEY);
    }

    private static URI uri(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            // Its message would show the whole text, credentials that do not belong there included.
            throw new IllegalArgumentException(
                    "character " + (e.getIndex() + 1) + " has no place there; allowed: wss://host[:port][/prefix]");
        }
    }

    private static @Nullable DeepgramOptions options(SettingsReader reader) {
        try {
            return DeepgramOptions.of(reader.text(MODEL), reader.text(LANGUAGE), reader.text(PARAMETERS));
        } catch (IllegalArgumentException e) {
            reader.fault(asked(reader) + ": " + e.getMessage());
            return null;
        }
    }

    /** The settings that asked for what Deepgram does not have: the defaults are no fault. */
    private static String asked(SettingsReader reader) {
        List<Setting<String>> all = List.of(MODEL, LANGUAGE, PARAMETERS);
        List<Setting<String>> set = all.stream().filter(reader::isSet).toList();
        return (set.isEmpty() ? all : set).stream().map(reader::name).collect(Collectors.joining(", "));
    }
}
