package io.rtaa.websocket;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The reason in a close frame. */
final class CloseReasons {

    /** A control frame holds 125 bytes, of which the close code takes two (RFC 6455, 5.5). */
    private static final int MAX_BYTES = 123;

    private CloseReasons() {}

    /** The reason as far as it fits into a close frame, cut between characters. */
    static @Nullable String fit(@Nullable String reason) {
        if (reason == null) {
            return null;
        }
        String fitting = reason;
        while (fitting.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            fitting = fitting.substring(0, fitting.offsetByCodePoints(fitting.length(), -1));
        }
        return fitting;
    }
}
