package io.rtaa.config;

import io.rtaa.asr.SessionOptions;
import io.rtaa.config.SettingsReader.Setting;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who recognises, and how much.
 *
 * @param provider the name of the recogniser
 * @param fallback the name of the one that takes calls over where the first fails; null for none
 * @param maxSessions the most calls of this process that one recogniser has at once
 * @param backlogHeapPercent how much of the heap audio may take while it is not final
 * @param keepAliveAfter how long a call is quiet until its worker says that it still has it; zero for never
 * @param session how sessions behave, whoever recognises
 */
public record AsrSettings(
        String provider,
        @Nullable String fallback,
        int maxSessions,
        int backlogHeapPercent,
        Duration keepAliveAfter,
        SessionOptions session) {

    private static final Setting PROVIDER = Setting.open("ASR_PROVIDER", "rtaa.asr.provider");
    private static final Setting FALLBACK = Setting.open("ASR_FALLBACK", "rtaa.asr.fallback");
    private static final Setting MAX_SESSIONS = Setting.open("ASR_MAX_SESSIONS", "rtaa.asr.max-sessions");
    private static final Setting BACKLOG = Setting.open("ASR_BACKLOG_HEAP_PERCENT", "rtaa.asr.backlog-heap-percent");

    private static final Setting KEEP_AUDIO = session("keep-audio-seconds");
    private static final Setting FROZEN_AFTER = session("frozen-after-seconds");
    private static final Setting UNHEARD_AFTER = session("unheard-after-seconds");
    private static final Setting RETRY_FIRST = session("retry-first-ms");
    private static final Setting RETRY_MOST = session("retry-most-ms");
    private static final Setting LOST_AFTER = session("lost-after-seconds");
    static final Setting KEEP_ALIVE = session("keep-alive-seconds");
    private static final Setting PARTIAL_INTERVAL = session("partial-interval-ms");

    private static final String DEEPGRAM = "deepgram";
    private static final String SPHINX = "sphinx";
    private static final String NONE = "none";

    /** A silent call says every 5 s that it is there; once may be missed. */
    private static final int LEAST_LOST_SECONDS = 10;

    private static final int MOST_RETRY_MILLIS = 600_000;
    private static final int MOST_SESSIONS = 100_000;
    private static final int MOST_HEAP_PERCENT = 75;

    /** @param deepgram whether a key for it is set; one that is no good is told elsewhere */
    static AsrSettings read(SettingsReader reader, boolean deepgram) {
        String provider = reader.oneOf(PROVIDER, SPHINX, DEEPGRAM);
        String named = reader.oneOf(FALLBACK, NONE, DEEPGRAM, SPHINX);
        String fallback = named.equals(NONE) ? null : named;
        if (provider.equals(fallback)) {
            reader.fault(reader.name(FALLBACK) + " is '" + fallback + "', and so is " + reader.name(PROVIDER)
                    + "; allowed: another recogniser, or " + NONE);
        }
        if (!deepgram && (provider.equals(DEEPGRAM) || DEEPGRAM.equals(fallback))) {
            reader.fault(reader.name(provider.equals(DEEPGRAM) ? PROVIDER : FALLBACK)
                    + " is 'deepgram', which has no key; allowed: set DEEPGRAM_API_KEY or"
                    + " DEEPGRAM_API_KEY_FILE, or name another recogniser");
        }
        return new AsrSettings(
                provider,
                fallback,
                reader.integer(MAX_SESSIONS, 1, MOST_SESSIONS),
                reader.integer(BACKLOG, 1, MOST_HEAP_PERCENT),
                secondsOfTheBus(reader, KEEP_ALIVE),
                session(reader));
    }

    private static SessionOptions session(SettingsReader reader) {
        SessionOptions defaults = SessionOptions.DEFAULTS;
        Duration keepAudio = Duration.ofSeconds(reader.integer(KEEP_AUDIO, 5, 600));
        Duration frozenAfter = Duration.ofSeconds(reader.integer(FROZEN_AFTER, 1, 300));
        Duration unheardAfter = Duration.ofSeconds(reader.integer(UNHEARD_AFTER, 1, 3600));
        int retryFirstMillis = reader.integer(RETRY_FIRST, 1, MOST_RETRY_MILLIS);
        int retryMostMillis = reader.integer(RETRY_MOST, 1, MOST_RETRY_MILLIS);
        int partialMillis = reader.integer(PARTIAL_INTERVAL, 0, 10_000);
        if (retryMostMillis < retryFirstMillis && !reader.isWrong(RETRY_MOST)) {
            reader.fault(reader.name(RETRY_MOST) + " is " + retryMostMillis + " and " + reader.name(RETRY_FIRST)
                    + " is " + retryFirstMillis + "; allowed: at least as much as the first");
        }
        if (keepAudio.compareTo(frozenAfter) <= 0 && !reader.isWrong(KEEP_AUDIO)) {
            reader.fault(reader.name(KEEP_AUDIO) + " is " + keepAudio.toSeconds() + " and " + reader.name(FROZEN_AFTER)
                    + " is " + frozenAfter.toSeconds() + "; allowed: to keep more audio than comes until a frozen"
                    + " connection is found, as what was dropped cannot be sent again");
        }
        Duration lostAfter = secondsOfTheBus(reader, LOST_AFTER);
        if (!lostAfter.isZero() && lostAfter.toSeconds() < LEAST_LOST_SECONDS) {
            reader.fault(
                    LOST_AFTER,
                    String.valueOf(lostAfter.toSeconds()),
                    "at least " + LEAST_LOST_SECONDS + ", as a silent call says every 5 s that it is there; or 0, which"
                            + " is never");
        }
        return new SessionOptions(
                keepAudio,
                Duration.ofMillis(partialMillis),
                frozenAfter,
                unheardAfter,
                Duration.ofMillis(retryFirstMillis),
                Duration.ofMillis(retryMostMillis),
                defaults.drainTimeout(),
                lostAfter,
                defaults.eventLimit());
    }

    /** Each bus has its own; none where no bus is known, which is told elsewhere. */
    static Duration secondsOfTheBus(SettingsReader reader, Setting setting) {
        return reader.text(setting) == null ? Duration.ZERO : Duration.ofSeconds(reader.integer(setting, 0, 3600));
    }

    /** Seldom set, so a variable has no name of its own: it is the property's, as Spring Boot spells it. */
    private static Setting session(String name) {
        String property = "rtaa.asr." + name;
        return Setting.open(property.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT), property);
    }
}
