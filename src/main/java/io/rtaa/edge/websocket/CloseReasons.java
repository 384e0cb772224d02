package io.rtaa.edge.websocket;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The reason in a close frame: the only place where one is cut. */
final class CloseReasons {

    /** A control frame holds 125 bytes, of which the close code takes two (RFC 6455, 5.5). */
    private static final int MAX_BYTES = 123;

    private CloseReasons() {}

    /** The reason as far as it fits into a close frame, cut between characters. */
    static @Nullable String fit(@Nullable String reason) {
        if (reason == null) {
            return null;
        }
        CharBuffer characters = CharBuffer.wrap(reason);
        StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .encode(characters, ByteBuffer.allocate(MAX_BYTES), true);
        return reason.substring(0, characters.position());
    }
}
