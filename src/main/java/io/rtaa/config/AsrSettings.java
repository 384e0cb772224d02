package io.rtaa.config;

import io.rtaa.asr.AsrComponent;
import io.rtaa.asr.GateOptions;
import io.rtaa.asr.SessionOptions;
import java.time.Duration;
import java.util.List;
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

    private static final String DEEPGRAM = "deepgram";
    private static final String SPHINX = "sphinx";
    private static final String NONE = "none";

    /** A silent call says every 5 s that it is there; once may be missed. */
    private static final int LEAST_LOST_SECONDS = 10;

    private static final int MOST_RETRY_MILLIS = 600_000;
    private static final int MOST_SESSIONS = 100_000;
    private static final int MOST_HEAP_PERCENT = 75;
    private static final int MOST_PARTIAL_MILLIS = 10_000;
    private static final int LEAST_KEPT_SECONDS = 5;
    private static final int MOST_KEPT_SECONDS = 600;
    private static final int MOST_FROZEN_SECONDS = 300;
    private static final int MOST_UNHEARD_SECONDS = 3600;

    /** The longest of the times that each bus has a default for. */
    static final int LONGEST_OF_THE_BUS_SECONDS = 3600;

    private static final Setting<String> PROVIDER = Setting.word(
                    "rtaa.asr.provider", List.of(SPHINX, DEEPGRAM), "The recogniser")
            .variable("ASR_PROVIDER")
            .otherwiseInWords("deepgram where it has a key, else sphinx")
            .isAlwaysLogged()
            .build();
    private static final Setting<String> FALLBACK = Setting.word(
                    "rtaa.asr.fallback",
                    List.of(NONE, DEEPGRAM, SPHINX),
                    "The recogniser that takes calls over if the first is full, out of order or refuses")
            .variable("ASR_FALLBACK")
            .otherwise(NONE)
            .isAlwaysLogged()
            .build();
    private static final Setting<Integer> MAX_SESSIONS = Setting.number(
                    "rtaa.asr.max-sessions",
                    1,
                    MOST_SESSIONS,
                    "Calls of this process that one recogniser has at once; the next ones wait, or go to the fall-back")
            .variable("ASR_MAX_SESSIONS")
            .otherwise(GateOptions.DEFAULT_MAX_SESSIONS)
            .isAlwaysLogged()
            .build();
    private static final Setting<Integer> BACKLOG = Setting.number(
                    "rtaa.asr.backlog-heap-percent",
                    1,
                    MOST_HEAP_PERCENT,
                    "Memory for audio that is not final yet, all calls together, per cent of the heap")
            .variable("ASR_BACKLOG_HEAP_PERCENT")
            .otherwise(AsrComponent.DEFAULT_BACKLOG_HEAP_PERCENT)
            .build();
    private static final Setting<Integer> KEEP_AUDIO = Setting.number(
                    "rtaa.asr.keep-audio-seconds",
                    LEAST_KEPT_SECONDS,
                    MOST_KEPT_SECONDS,
                    "Audio of a call that is kept while it is not final; beyond it the oldest is dropped as a gap")
            .otherwise(SessionOptions.DEFAULT_KEEP_AUDIO.toSeconds())
            .build();
    private static final Setting<Integer> FROZEN_AFTER = Setting.number(
                    "rtaa.asr.frozen-after-seconds",
                    1,
                    MOST_FROZEN_SECONDS,
                    "How long a connection may take audio and say nothing until it counts as lost")
            .otherwise(SessionOptions.DEFAULT_FROZEN_AFTER.toSeconds())
            .build();
    private static final Setting<Integer> UNHEARD_AFTER = Setting.number(
                    "rtaa.asr.unheard-after-seconds",
                    1,
                    MOST_UNHEARD_SECONDS,
                    "How long speech may go without a transcript until that is noted")
            .otherwise(SessionOptions.DEFAULT_UNHEARD_AFTER.toSeconds())
            .build();
    private static final Setting<Integer> RETRY_FIRST = Setting.number(
                    "rtaa.asr.retry-first-ms",
                    1,
                    MOST_RETRY_MILLIS,
                    "Most of the random wait before a lost connection is opened again; doubles with each try")
            .otherwise(SessionOptions.DEFAULT_RETRY_BASE.toMillis())
            .build();
    private static final Setting<Integer> RETRY_MOST = Setting.number(
                    "rtaa.asr.retry-most-ms", 1, MOST_RETRY_MILLIS, "Most that this wait grows to")
            .otherwise(SessionOptions.DEFAULT_RETRY_CAP.toMillis())
            .build();
    private static final Setting<Integer> PARTIAL_INTERVAL = Setting.number(
                    "rtaa.asr.partial-interval-ms",
                    0,
                    MOST_PARTIAL_MILLIS,
                    "Shortest time between two partials of a call")
            .otherwise(SessionOptions.DEFAULT_PARTIAL_INTERVAL.toMillis())
            .build();
    private static final Setting<Integer> LOST_AFTER = Setting.number(
                    "rtaa.asr.lost-after-seconds",
                    0,
                    LONGEST_OF_THE_BUS_SECONDS,
                    "How long nothing may come of a call's audio, not even that it is silent, until it ends as lost;"
                            + " 0 is never")
            .otherwiseByTheBus("28")
            .build();
    static final Setting<Integer> KEEP_ALIVE = Setting.number(
                    "rtaa.asr.keep-alive-seconds",
                    0,
                    LONGEST_OF_THE_BUS_SECONDS,
                    "How often a worker says of a quiet call that it still has it; 0 is never")
            .otherwiseByTheBus("0 in memory, else 30")
            .build();

    /** All that are read here. */
    static final List<Setting<?>> DECLARED = List.of(
            PROVIDER,
            FALLBACK,
            MAX_SESSIONS,
            BACKLOG,
            KEEP_AUDIO,
            FROZEN_AFTER,
            UNHEARD_AFTER,
            RETRY_FIRST,
            RETRY_MOST,
            PARTIAL_INTERVAL,
            LOST_AFTER,
            KEEP_ALIVE);

    /** @param deepgram whether a key for it is set; one that is no good is told elsewhere */
    static AsrSettings read(SettingsReader reader, boolean deepgram) {
        String provider = reader.get(PROVIDER);
        String named = reader.get(FALLBACK);
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
                reader.get(MAX_SESSIONS),
                reader.get(BACKLOG),
                secondsOfTheBus(reader, KEEP_ALIVE),
                session(reader));
    }

    private static SessionOptions session(SettingsReader reader) {
        SessionOptions defaults = SessionOptions.DEFAULTS;
        Duration keepAudio = Duration.ofSeconds(reader.get(KEEP_AUDIO));
        Duration frozenAfter = Duration.ofSeconds(reader.get(FROZEN_AFTER));
        Duration unheardAfter = Duration.ofSeconds(reader.get(UNHEARD_AFTER));
        int retryFirstMillis = reader.get(RETRY_FIRST);
        int retryMostMillis = reader.get(RETRY_MOST);
        int partialMillis = reader.get(PARTIAL_INTERVAL);
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
    static Duration secondsOfTheBus(SettingsReader reader, Setting<Integer> setting) {
        return reader.text(setting) == null ? Duration.ZERO : Duration.ofSeconds(reader.get(setting));
    }
}
