package io.rtaa.config;

import io.rtaa.edge.websocket.WebsocketEndpointOptions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** The numbers that only the built-in routes read, as placeholders. */
final class RouteSettings {

    private static final int A_DAY_MILLIS = 86_400_000;

    private static final int A_DAY_SECONDS = 86_400;

    private static final int AN_HOUR_SECONDS = 3600;

    /** What a caller behind a bad line makes up for has to fit in. */
    private static final int LEAST_LEAD_SECONDS = 10;

    private static final int LOOK_FOR_QUIET_MILLIS = 5000;

    static final Setting<Integer> LOOK_FOR_QUIET = millis(
            "rtaa.asr.look-for-quiet-ms",
            Integer.toString(LOOK_FOR_QUIET_MILLIS),
            "How often a worker looks for calls that are quiet");

    /** All of them. */
    static final List<Setting<?>> DECLARED = List.of(
            millis("rtaa.bus.retry-first-ms", "100", "First wait before a transcript event is published again"),
            millis("rtaa.bus.retry-most-ms", "5000", "Longest wait before a transcript event is published again"),
            millis("rtaa.bus.retry-ms", "50", "First wait before audio is published again"),
            millis("rtaa.bus.retry-max-ms", "1000", "Longest wait before audio is published again"),
            millis("rtaa.ingest.look-for-silence-ms", "2500", "How often an ingest looks for calls that are silent"),
            LOOK_FOR_QUIET,
            millis("rtaa.dashboard.tick-ms", "50", "How often a browser that catches up gets the next part"),
            Setting.number(
                            "rtaa.dashboard.write-queue-bytes",
                            1,
                            WebsocketEndpointOptions.MAX_WRITE_QUEUE_BYTES,
                            "How much may wait to be sent to one browser")
                    .otherwiseByTheRoutes("8388608")
                    .build(),
            Setting.number(
                            "rtaa.dashboard.max-unsent-bytes",
                            WebsocketEndpointOptions.MIN_MAX_UNSENT_BYTES,
                            Integer.MAX_VALUE,
                            "How much may wait to be sent to all browsers together, with 512 bytes for each message")
                    .otherwiseByTheRoutes("67108864")
                    .build(),
            number(
                    "rtaa.limits.audio-speed",
                    0,
                    WebsocketEndpointOptions.MAX_AUDIO_SPEED,
                    "2",
                    "Times real time at which a caller's audio is read; what comes faster waits; 0 is any"),
            number(
                    "rtaa.limits.burst-seconds",
                    1,
                    AN_HOUR_SECONDS,
                    "10",
                    "How much of each rate a socket may send at once, as the time it takes"),
            number(
                    "rtaa.limits.exotel-lead-seconds",
                    LEAST_LEAD_SECONDS,
                    A_DAY_SECONDS,
                    "60",
                    "How far a stream's audio may be ahead of the time on /v1/exotel; then it is refused"),
            number(
                    "rtaa.limits.ingest-lead-seconds",
                    0,
                    A_DAY_SECONDS,
                    "60",
                    "The same on /v1/ingest; 0 is any, for callers that send files"),
            number(
                    "rtaa.limits.frames-per-second",
                    0,
                    WebsocketEndpointOptions.MAX_FRAME_RATE,
                    "500",
                    "Frames of a caller's socket that are read; what comes faster waits; 0 is any number"),
            number(
                    "rtaa.limits.bytes-per-second",
                    0,
                    WebsocketEndpointOptions.MAX_BYTE_RATE,
                    "524288",
                    "Bytes of a caller's socket that are read; what comes faster waits; 0 is any number"),
            number(
                    "rtaa.limits.messages-without-audio-per-second",
                    0,
                    WebsocketEndpointOptions.MAX_FRAME_RATE,
                    "100",
                    "Messages of a caller's socket without audio that are read; what comes faster waits; 0 is any number"),
            number(
                    "rtaa.limits.first-message-seconds",
                    0,
                    AN_HOUR_SECONDS,
                    "30",
                    "How long a caller may take for its first message; 0 is for ever"),
            number(
                    "rtaa.limits.viewer-frames-per-second",
                    0,
                    WebsocketEndpointOptions.MAX_FRAME_RATE,
                    "10",
                    "Frames of a browser's socket that are read; what comes faster waits; 0 is any number"));

    private RouteSettings() {}

    /** How often a worker looks for calls that are quiet; the setting has no fault. */
    static Duration lookForQuiet(SettingsReader reader) {
        return Duration.ofMillis(Objects.requireNonNullElse(reader.find(LOOK_FOR_QUIET), LOOK_FOR_QUIET_MILLIS));
    }

    private static Setting<Integer> millis(String property, String otherwise, String meaning) {
        return number(property, 1, A_DAY_MILLIS, otherwise, meaning);
    }

    private static Setting<Integer> number(String property, int least, int most, String otherwise, String meaning) {
        return Setting.number(property, least, most, meaning)
                .otherwiseByTheRoutes(otherwise)
                .build();
    }
}
