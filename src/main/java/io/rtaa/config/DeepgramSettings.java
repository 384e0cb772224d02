package io.rtaa.config;

import io.rtaa.asr.deepgram.DeepgramKeys;
import io.rtaa.asr.deepgram.DeepgramOptions;
import io.rtaa.asr.deepgram.DeepgramTransport;
import io.rtaa.config.SettingsReader.Setting;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
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
        DeepgramTransport transport = reader.parsed(URL, url -> DeepgramTransport.to(uri(url)));
        DeepgramOptions options = options(reader);
        DeepgramKeys either = keys == null ? fileKeys : keys;
        return either == null || transport == null || options == null
                ? null
                : new DeepgramSettings(either, transport, options);
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
            reader.fault("DEEPGRAM_MODEL, DEEPGRAM_LANGUAGE, DEEPGRAM_PARAMETERS: " + e.getMessage());
            return null;
        }
    }
}
