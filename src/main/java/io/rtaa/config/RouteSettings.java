package io.rtaa.config;

import io.rtaa.edge.websocket.WebsocketEndpointOptions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** The numbers that only the built-in routes read, as placeholders. */
final class RouteSettings {

    private static final int A_DAY_MILLIS = 86_400_000;

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
                    .build());

    private RouteSettings() {}

    /** How often a worker looks for calls that are quiet; the setting has no fault. */
    static Duration lookForQuiet(SettingsReader reader) {
        return Duration.ofMillis(Objects.requireNonNullElse(reader.find(LOOK_FOR_QUIET), LOOK_FOR_QUIET_MILLIS));
    }

    private static Setting<Integer> millis(String property, String otherwise, String meaning) {
        return Setting.number(property, 1, A_DAY_MILLIS, meaning)
                .otherwiseByTheRoutes(otherwise)
                .build();
    }
}
