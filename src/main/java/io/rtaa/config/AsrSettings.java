package io.rtaa.config;

import io.rtaa.config.SettingsReader.Setting;
import org.jspecify.annotations.Nullable;

/**
 * Who recognises, and how much.
 *
 * @param provider the name of the recogniser
 * @param fallback the name of the one that takes calls over where the first fails; null for none
 * @param maxSessions the most calls of this process that one recogniser has at once
 * @param backlogHeapPercent how much of the heap audio may take while it is not final
 */
public record AsrSettings(String provider, @Nullable String fallback, int maxSessions, int backlogHeapPercent) {

    private static final Setting PROVIDER = Setting.open("ASR_PROVIDER", "rtaa.asr.provider");
    private static final Setting FALLBACK = Setting.open("ASR_FALLBACK", "rtaa.asr.fallback");
    private static final Setting MAX_SESSIONS = Setting.open("ASR_MAX_SESSIONS", "rtaa.asr.max-sessions");
    private static final Setting BACKLOG = Setting.open("ASR_BACKLOG_HEAP_PERCENT", "rtaa.asr.backlog-heap-percent");

    private static final String DEEPGRAM = "deepgram";
    private static final String SPHINX = "sphinx";
    private static final String NONE = "none";
    private static final int MOST_SESSIONS = 100_000;
    private static final int MOST_HEAP_PERCENT = 75;

    /** @param deepgram whether there is a key for it */
    static AsrSettings read(SettingsReader reader, boolean deepgram) {
        String provider = reader.oneOf(PROVIDER, SPHINX, DEEPGRAM);
        String named = reader.oneOf(FALLBACK, NONE, DEEPGRAM, SPHINX);
        String fallback = named.equals(NONE) ? null : named;
        if (provider.equals(fallback)) {
            reader.fault("ASR_FALLBACK is '" + fallback + "', and so is ASR_PROVIDER; allowed: another recogniser, or "
                    + NONE);
        }
        if (!deepgram && (provider.equals(DEEPGRAM) || DEEPGRAM.equals(fallback))) {
            reader.fault((provider.equals(DEEPGRAM) ? PROVIDER : FALLBACK)
                    + " is 'deepgram', which has no usable key; allowed: set DEEPGRAM_API_KEY or"
                    + " DEEPGRAM_API_KEY_FILE, or name another recogniser");
        }
        return new AsrSettings(
                provider,
                fallback,
                reader.integer(MAX_SESSIONS, 1, MOST_SESSIONS),
                reader.integer(BACKLOG, 1, MOST_HEAP_PERCENT));
    }
}
