package io.rtaa.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.Word;
import io.rtaa.testsupport.Shorthand;
import io.rtaa.wire.TranscriptJson;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FinalTextTest {

    private static final StreamId STREAM = new StreamId("bench", "one");

    @Test
    void findsTheTextOfAnEventThatIsFinal() throws IOException {
        TranscriptEvent event = Shorthand.finalOf(
                STREAM, 1, 2, "1.0.0 1.0.1", 0.9, 0, 20, 0, null, true, List.of(new Word("x", "y", 0, 20, null, null)));

        assertThat(FinalText.of(TranscriptJson.write(event))).isEqualTo("1.0.0 1.0.1");
    }

    @Test
    void findsTheTextOfARecognisersResultThatIsFinal() throws IOException {
        assertThat(FinalText.of("{\"type\":\"Results\",\"is_final\":true,\"channel\":{\"alternatives\":["
                        + "{\"transcript\":\"1.0.0\",\"words\":[{\"text\":\"no\"}]}]}}"))
                .isEqualTo("1.0.0");
    }

    @Test
    void nothingElseIsFinal() throws IOException {
        TranscriptEvent partial = Shorthand.partial(STREAM, 1, 2, "1.0.0", 0.9, 0, 20, 0);

        assertThat(FinalText.of(TranscriptJson.write(partial))).isNull();
        assertThat(FinalText.of("{\"type\":\"Results\",\"is_final\":false,\"transcript\":\"1.0.0\"}"))
                .isNull();
        assertThat(FinalText.of("{\"type\":\"Metadata\"}")).isNull();
    }
}
