package io.rtaa.config;

import io.rtaa.asr.deepgram.DeepgramKeys;
import io.rtaa.asr.deepgram.DeepgramOptions;
import io.rtaa.asr.deepgram.DeepgramTransport;
import io.rtaa.asr.deepgram.HttpProxy;
import io.rtaa.config.SettingsReader.Setting;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
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

    private static final Setting API_KEY = Setting.secret("DEEPGRAM_API_KEY", "rtaa.deepgram.api-key");
    private static final Setting API_KEY_FILE = Setting.open("DEEPGRAM_API_KEY_FILE", "rtaa.deepgram.api-key-file");
    private static final Setting URL = Setting.open("DEEPGRAM_URL", "rtaa.deepgram.url");
    private static final Setting MODEL = Setting.open("DEEPGRAM_MODEL", "rtaa.deepgram.model");
    private static final Setting LANGUAGE = Setting.open("DEEPGRAM_LANGUAGE", "rtaa.deepgram.language");

    private static final Setting PARAMETERS = Setting.open("DEEPGRAM_PARAMETERS", "rtaa.deepgram.parameters");

    /**
     * Java's own properties, and the variables that other programs read: their names are not the service's to choose.
     */
    private static final Setting JAVA_PROXY_HOST = Setting.open("https.proxyHost", "https.proxyHost");

    private static final Setting JAVA_PROXY_PORT = Setting.open("https.proxyPort", "https.proxyPort");
    private static final Setting JAVA_NON_PROXY_HOSTS = Setting.open("http.nonProxyHosts", "http.nonProxyHosts");
    private static final List<Setting> HTTPS_PROXY =
            List.of(Setting.secret("HTTPS_PROXY", "HTTPS_PROXY"), Setting.secret("https_proxy", "https_proxy"));
    private static final List<Setting> NO_PROXY =
            List.of(Setting.open("NO_PROXY", "NO_PROXY"), Setting.open("no_proxy", "no_proxy"));

    /** What Java exempts where {@code http.nonProxyHosts} is not set. */
    private static final String JAVA_DEFAULT_NON_PROXY_HOSTS = "localhost|127.*|[::1]";

    private static final int JAVA_DEFAULT_PROXY_PORT = 443;

    /** Null where no key is set, or something is wrong and noted. */
    static @Nullable DeepgramSettings read(SettingsReader reader) {
        DeepgramKeys keys = reader.parsed(API_KEY, DeepgramKeys::of);
        DeepgramKeys fileKeys = reader.parsed(API_KEY_FILE, path -> DeepgramKeys.ofFile(Path.of(path)));
        if (reader.text(API_KEY) != null && reader.text(API_KEY_FILE) != null) {
            reader.fault(
                    reader.name(API_KEY) + " and " + reader.name(API_KEY_FILE) + " are both set; allowed: one of them");
        }
        DeepgramTransport transport = reader.parsed(URL, url -> DeepgramTransport.to(uri(url)));
        DeepgramOptions options = options(reader);
        DeepgramKeys either = keys == null ? fileKeys : keys;
        return either == null || transport == null || options == null
                ? null
                : new DeepgramSettings(either, transport, options, proxy(reader, transport));
    }

    /** The proxy towards Deepgram: Java's properties win over the variables. Only {@code wss://} goes through one. */
    private static @Nullable HttpProxy proxy(SettingsReader reader, DeepgramTransport transport) {
        if (!transport.isSecure()) {
            return null;
        }
        String javaHost = reader.text(JAVA_PROXY_HOST);
        if (javaHost != null) {
            String exempt = Objects.requireNonNullElse(reader.text(JAVA_NON_PROXY_HOSTS), JAVA_DEFAULT_NON_PROXY_HOSTS);
            int port = reader.text(JAVA_PROXY_PORT) == null
                    ? JAVA_DEFAULT_PROXY_PORT
                    : reader.integer(JAVA_PROXY_PORT, 1, 65_535);
            return HttpProxy.isNonProxyHost(exempt, transport.host())
                    ? null
                    : new HttpProxy(javaHost, port, null, null);
        }
        for (Setting setting : HTTPS_PROXY) {
            HttpProxy proxy = reader.parsed(setting, HttpProxy::of);
            if (proxy != null) {
                return isExempt(reader, transport) ? null : proxy;
            }
        }
        return null;
    }

    private static boolean isExempt(SettingsReader reader, DeepgramTransport transport) {
        return NO_PROXY.stream()
                .map(reader::text)
                .filter(Objects::nonNull)
                .anyMatch(rules -> HttpProxy.isExempt(rules, transport.host(), transport.port()));
    }

    /** Whether a key is set, be it a usable one or not. */
    static boolean hasKey(SettingsReader reader) {
        return reader.text(API_KEY) != null || reader.text(API_KEY_FILE) != null;
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
        List<Setting> all = List.of(MODEL, LANGUAGE, PARAMETERS);
        List<Setting> set = all.stream().filter(reader::isSet).toList();
        return (set.isEmpty() ? all : set).stream().map(reader::name).collect(Collectors.joining(", "));
    }
}
