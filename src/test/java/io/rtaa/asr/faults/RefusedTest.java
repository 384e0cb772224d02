package io.rtaa.asr.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.asr.deepgram.DeepgramKeys;
import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.call.TranscriptEvent.State;
import io.rtaa.call.TranscriptEvent.Status;
import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import io.rtaa.testsupport.deepgram.Fault;
import io.rtaa.testsupport.deepgram.Quirks;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A recogniser that refuses a call is probed until it takes it; until then the call says why it has no transcript. */
class RefusedTest {

    private static final int SPEED = 20;
    private static final int WORDS = 8;

    @ParameterizedTest
    @CsvSource({"401, the API key is not valid", "402, the account has no credit left"})
    @Execution(ExecutionMode.CONCURRENT)
    void aCallThatIsRefusedToItsEndSaysWhyAndIsASingleGap(int status, String reason) throws Exception {
        try (Stage stage = new Stage(SPEED, Quirks.SOME, status, DeepgramKeys.of("key"));
                DeepgramStandIn.Ongoing refusing = stage.standIn().during(Fault.refuse(status))) {
            Call call = stage.call(WORDS, status);
            stage.begin(call, Duration.ZERO);
            stage.awaitEnds();

            assertThat(refusing).isNotNull();
            assertThat(stage.standIn().attempts())
                    .as("after 1, 2, 4, 8, 16, 32 and 60 s, not once a second")
                    .hasSizeBetween(2, 10);
            List<Status> states = call.statuses();
            assertThat(states).singleElement().extracting(Status::state).isEqualTo(State.FAILED);
            assertThat(states).last().extracting(Status::reason).asString().contains(reason);
            List<Gap> gaps = gapsOf(call);
            assertThat(gaps).isNotEmpty();
            assertThat(gaps.get(0).startMillis()).isZero();
            assertThat(gaps.get(gaps.size() - 1).endMillis())
                    .isEqualTo(call.audio().millis());
            assertThat(gaps.get(gaps.size() - 1).reason()).contains(reason);
            stage.standIn().assertNoBreach();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 402, 403})
    @Execution(ExecutionMode.CONCURRENT)
    void aCallWhoseRefusalIsPutRightInTimeLosesNoWord(int status) throws Exception {
        try (Stage stage = new Stage(SPEED, Quirks.SOME, status, DeepgramKeys.of("key"))) {
            DeepgramStandIn.Ongoing refusing = stage.standIn().during(Fault.refuse(status));
            stage.after(Duration.ofSeconds(6), refusing::close);
            Call call = stage.call(WORDS, status);
            stage.begin(call, Duration.ZERO);
            stage.awaitEnds();

            assertThat(call.statuses()).extracting(Status::state).containsExactly(State.FAILED, State.RECOGNISING);
            call.verdict().assertAllIsThere();
            stage.standIn().assertNoBreach();
        }
    }

    private static List<Gap> gapsOf(Call call) {
        return call.events().stream()
                .filter(Gap.class::isInstance)
                .map(Gap.class::cast)
                .toList();
    }
}
