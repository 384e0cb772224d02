package io.rtaa.config;

import io.rtaa.asr.deepgram.DeepgramKeys;
import io.rtaa.asr.deepgram.DeepgramOptions;
import io.rtaa.asr.deepgram.DeepgramTransport;
import io.rtaa.config.SettingsReader.Setting;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How Deepgram is reached and asked.
 *
 * @param keys the keys, to be rotated without a restart where they are in a file
 * @param transport where it is
 * @param options what it is asked for
 */
public record DeepgramSettings(DeepgramKeys keys, DeepgramTransport transport, DeepgramOptions options) {

    private static final Setting API_KEY = Setting.secret("DEEPGRAM_API_KEY", "rtaa.deepgram.api-key");
    private static final Setting API_KEY_FILE = Setting.open("DEEPGRAM_API_KEY_FILE", "rtaa.deepgram.api-key-file");
    private static final Setting URL = Setting.open("DEEPGRAM_URL", "rtaa.deepgram.url");
    private static final Setting MODEL = Setting.open("DEEPGRAM_MODEL", "rtaa.deepgram.model");
    private static final Setting LANGUAGE = Setting.open("DEEPGRAM_LANGUAGE", "rtaa.deepgram.language");

    private static final Setting PARAMETERS = Setting.open("DEEPGRAM_PARAMETERS", "rtaa.deepgram.parameters");

    /** Null where no key is set, or something is wrong and noted. */
    static @Nullable DeepgramSettings read(SettingsReader reader) {
        DeepgramKeys keys = reader.parsed(API_KEY, DeepgramKeys::of);
        DeepgramKeys fileKeys = reader.parsed(API_KEY_FILE, path -> DeepgramKeys.ofFile(Path.of(path)));
        if (reader.text(API_KEY) != null && reader.text(API_KEY_FILE) != null) {
            reader.fault("DEEPGRAM_API_KEY and DEEPGRAM_API_KEY_FILE are both set; allowed: one of them");
        }
        DeepgramTransport transport = reader.parsed(URL, url -> DeepgramTransport.to(URI.create(url)));
        DeepgramOptions options = options(reader);
        DeepgramKeys either = keys == null ? fileKeys : keys;
        return either == null || transport == null || options == null
                ? null
                : new DeepgramSettings(either, transport, options);
    }

    private static @Nullable DeepgramOptions options(SettingsReader reader) {
        Map<String, String> chosen = new HashMap<>();
        put(chosen, "model", reader.text(MODEL));
        put(chosen, "language", reader.text(LANGUAGE));
        Map<String, String> more = reader.parsed(PARAMETERS, DeepgramSettings::query);
        if (more != null) {
            chosen.putAll(more);
        }
        try {
            return DeepgramOptions.DEFAULTS.with(chosen);
        } catch (IllegalArgumentException e) {
            reader.fault("DEEPGRAM_MODEL, DEEPGRAM_LANGUAGE, DEEPGRAM_PARAMETERS: " + e.getMessage());
            return null;
        }
    }

    /** {@code name=value&...}, URL-encoded; what is repeated becomes a list. */
    private static Map<String, String> query(String text) {
        Map<String, String> parameters = new HashMap<>();
        for (String part : text.split("&", -1)) {
            int equals = part.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(
                        "'" + part + "' is no parameter; allowed: name=value, several separated by &");
            }
            parameters.merge(
                    part.substring(0, equals),
                    URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8),
                    (first, second) -> first + "," + second);
        }
        return parameters;
    }

    private static void put(Map<String, String> options, String name, @Nullable String value) {
        if (value != null) {
            options.put(name, value);
        }
    }
}
