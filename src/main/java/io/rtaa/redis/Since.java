package io.rtaa.redis;

import java.time.Duration;
import org.apache.camel.util.TimeUtils;

/** Where a reader begins that has read nothing yet. */
final class Since {

    private Since() {}

    /**
     * The place in every log.
     *
     * @param since as {@link RedisStreamsConfiguration#setSince} says
     * @param nowMillis the time by Redis's clock
     */
    static Position position(String since, long nowMillis) {
        return switch (since) {
            case "0" -> Position.START;
            case "$" -> new Position(nowMillis, 0);
            default -> new Position(Math.max(0, nowMillis - duration(since).toMillis()), 0);
        };
    }

    /** @throws IllegalArgumentException if it is none */
    static Duration duration(String since) {
        try {
            long millis = TimeUtils.toMilliSeconds(since);
            if (millis >= 0) {
                return Duration.ofMillis(millis);
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        throw new IllegalArgumentException(
                "since is '" + since + "'; allowed: a time such as 2h or 30m, 0 for all there is, $ for what is new");
    }
}
