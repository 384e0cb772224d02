package io.rtaa.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Which texts of peers are ids. */
class PeerIdTest {

    /** Each is no id, at every way in. */
    private static final List<String> NONE = List.of(
            ".",
            "..",
            "",
            " ",
            "a\"b",
            "a\\b",
            "a\nb",
            "a\u0000",
            "a\u0085",
            "a\u2028b",
            "a\u202eb",
            "a\ufffd",
            "\ud83d",
            "a\udc00b",
            "x".repeat(129));

    @Test
    void refusesWhatAUrlALogLineOrAnEncodingCannotHold() {
        for (String text : NONE) {
            assertThat(PeerId.fault("stream_sid", text))
                    .as("%s", text)
                    .startsWith("stream_sid ")
                    .endsWith("; allowed: 1 to 128 printable characters, no double quote, no backslash, not . or ..")
                    // It fits into a close frame.
                    .hasSizeLessThan(124);
        }
        assertThat(PeerId.fault("call_sid", "a\"b")).startsWith("call_sid holds U+0022; allowed: ");
        assertThat(PeerId.fault("call_sid", "..")).startsWith("call_sid is ..; allowed: ");
        assertThat(PeerId.fault("call_sid", "\ud83d")).startsWith("call_sid holds U+D83D; allowed: ");
    }

    @Test
    void takesWhatPeersName() {
        for (String text : List.of(
                "4b2c", "S1~2", "...", ".a", "a/b", "a b", "auth0|7", "Größe", "\ud83d\ude00", "x".repeat(128))) {
            assertThat(PeerId.fault("stream_sid", text)).as(text).isNull();
        }
        assertThat(PeerId.fault("sub", "x".repeat(200), 255)).isNull();
    }

    @Test
    void anIdThatAnOlderProcessHasTakenIsStillReadOffTheBus() {
        assertThat(new StreamId("a\"b", "..").interactionId()).isEqualTo("..");
    }
}
