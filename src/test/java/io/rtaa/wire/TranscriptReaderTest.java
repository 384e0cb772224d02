package io.rtaa.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.rtaa.call.CallInfo;
import io.rtaa.call.EndReason;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.Alert;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.CallErased;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.call.TranscriptEvent.Partial;
import io.rtaa.call.TranscriptEvent.State;
import io.rtaa.call.TranscriptEvent.Status;
import io.rtaa.call.Word;
import io.rtaa.testsupport.Shorthand;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TranscriptReaderTest {

    private static final StreamId STREAM = new StreamId("acme", "s1");
    private static final long NOW = 1_763_800_000_000L;

    @ParameterizedTest
    @MethodSource("events")
    void tellsTheStreamOfAnyEvent(TranscriptEvent event) {
        assertThat(TranscriptReader.streamOf(TranscriptJson.write(event).getBytes(UTF_8)))
                .isEqualTo(STREAM);
    }

    @Test
    void tellsTheStreamOfAnEventOfALaterVersionToo() {
        assertThat(TranscriptReader.streamOf(
                        "{\"type\":\"mood\",\"of\":{\"tenant_id\":\"x\"},\"tenant_id\":\"acme\",\"interaction_id\":\"s1\"}"
                                .getBytes(UTF_8)))
                .isEqualTo(STREAM);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"tenant_id\":\"acme\"}",
                "{\"tenant_id\":\"acme\",\"interaction_id\":7}",
                "{\"tenant_id\":\"\",\"interaction_id\":\"s1\"}",
                "not json"
            })
    void tellsNoStreamWhereThereIsNone(String event) {
        assertThat(TranscriptReader.streamOf(event.getBytes(UTF_8))).isNull();
    }

    @Test
    void anAlertHasTheNumberOfItsFinalAndNoneOfItsOwn() {
        assertThat(TranscriptJson.write(new Alert(STREAM, 9, NOW, "complaint")))
                .isEqualTo("{\"type\":\"alert\",\"interaction_id\":\"s1\",\"tenant_id\":\"acme\",\"final_seq\":9,"
                        + "\"timestamp_ms\":1763800000000,\"name\":\"complaint\"}");
    }

    static List<TranscriptEvent> events() {
        return List.of(
                new Alert(STREAM, 9, NOW, "complaint"),
                new CallStarted(
                        new CallInfo(STREAM, "c1", "s1", "0999", null, 16000, NOW)
                                .withRequestId("r-1")
                                .withTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
                        1,
                        NOW),
                new CallStarted(
                        new CallInfo(STREAM, "c1", "s1", null, null, 16000, NOW)
                                .following(new CallInfo.Before(60_000, 0, 2)),
                        1,
                        NOW),
                new Partial(STREAM, 2, NOW, "guten", 0.5, 300, 1900, 0, "de"),
                new Final(
                        STREAM,
                        8,
                        NOW,
                        "Guten morning.",
                        null,
                        300,
                        2400,
                        0,
                        3,
                        5,
                        "de-AT",
                        false,
                        List.of(
                                new Word("guten", "Guten", 300, 620, 0.99, 3, "de-AT"),
                                new Word("morning", "morning.", 640, 2400, null, 3, "en"))),
                new CallErased(STREAM, 12, NOW + 5000, NOW),
                Shorthand.partial(STREAM, 2, NOW, "good \"mor", 0.61, 300, 1900, 1),
                Shorthand.partial(STREAM, 3, NOW, "good", null, 300, 900, 0),
                Shorthand.finalOf(
                        STREAM,
                        9,
                        NOW,
                        "Good morning.",
                        0.98,
                        300,
                        2400,
                        0,
                        1,
                        true,
                        List.of(
                                new Word("good", "Good", 300, 620, 0.99, 1),
                                new Word("morning", "morning.", 640, 2400, null, null))),
                Shorthand.finalOf(STREAM, 10, NOW, "", null, 2400, 2400, 0, null, true, List.of()),
                new Status(STREAM, 11, NOW, State.RETRYING, "deepgram", "it froze"),
                new Status(STREAM, 12, NOW, State.RECOGNISING, null, null),
                new Gap(STREAM, 13, NOW, 9000, 9700, "no room"),
                Shorthand.ended(STREAM, 40, NOW, EndReason.CALLENDED, 60_000),
                new CallEnded(STREAM, 40, NOW, EndReason.DISCONNECTED, 60_000, NOW, 3));
    }

    @ParameterizedTest
    @MethodSource("events")
    void readsWhatWasWritten(TranscriptEvent event) {
        assertThat(TranscriptReader.read(TranscriptJson.write(event).getBytes(UTF_8)))
                .isEqualTo(event);
    }

    @Test
    void takesAnEndWithAReasonThatItDoesNotKnowForAnEnd() {
        TranscriptEvent end = TranscriptReader.read("""
                {"type":"call_ended","interaction_id":"s1","tenant_id":"acme","seq":9,"timestamp_ms":5,
                 "reason":"reason_of_a_newer_process","duration_ms":7}""".getBytes(UTF_8));

        assertThat(end).isEqualTo(Shorthand.ended(new StreamId("acme", "s1"), 9, 5, EndReason.STOPPED, 7));
    }

    @Test
    void leavesATypeAloneThatItDoesNotKnow() {
        assertThat(
                        read(
                                "{\"type\":\"sentiment\",\"interaction_id\":\"s1\",\"tenant_id\":\"a\",\"seq\":1,\"timestamp_ms\":2}"))
                .isNull();
    }

    static List<byte[]> beyondTheParser() {
        return List.of(
                "[".repeat(2000).getBytes(UTF_8),
                ("{\"seq\":" + "9".repeat(2000) + "}").getBytes(UTF_8),
                // UTF-32, and no character.
                new byte[] {0, 0, 0, '{', 0, 127, -1, -1});
    }

    /** A reader of the bus that got another exception would read the same entry for ever. */
    @ParameterizedTest
    @MethodSource("beyondTheParser")
    void refusesWhatTheParserDoesNotTake(byte[] event) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TranscriptReader.read(event))
                .withMessageStartingWith("a transcript event that is no JSON");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no json",
                "[]",
                "{\"type\":\"gap\",\"interaction_id\":\"s1\",\"tenant_id\":\"a\",\"seq\":\"1\",\"timestamp_ms\":2}",
                "{\"type\":\"gap\",\"interaction_id\":\"s1\",\"tenant_id\":\"a\",\"seq\":1,\"timestamp_ms\":2}",
                "{\"type\":\"status\",\"interaction_id\":\"s1\",\"tenant_id\":\"a\",\"seq\":1,\"timestamp_ms\":2,\"state\":\"odd\"}",
                "{\"type\":\"final\",\"interaction_id\":\" \",\"tenant_id\":\"a\",\"seq\":1,\"timestamp_ms\":2}",
            })
    void saysWhatIsWrong(String event) {
        assertThatIllegalArgumentException().isThrownBy(() -> read(event)).withMessageMatching("(?s).+");
    }

    private static TranscriptEvent read(String json) {
        return TranscriptReader.read(json.getBytes(UTF_8));
    }
}
