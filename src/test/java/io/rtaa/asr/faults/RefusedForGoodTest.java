package io.rtaa.asr.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.asr.deepgram.DeepgramKeys;
import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.call.TranscriptEvent.State;
import io.rtaa.call.TranscriptEvent.Status;
import io.rtaa.testsupport.deepgram.Fault;
import io.rtaa.testsupport.deepgram.Quirks;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What no other try can mend is tried once, and the call says why it has no transcript. */
class RefusedForGoodTest {

    private static final int SPEED = 20;
    private static final int WORDS = 8;

    @ParameterizedTest
    @CsvSource({"401, the API key is not valid", "402, the account has no credit left"})
    void aCallThatIsRefusedTriesOnceAndSaysWhy(int status, String reason) throws Exception {
        try (Stage stage = new Stage(SPEED, Quirks.SOME, status, DeepgramKeys.of("key"))) {
            stage.standIn().nextConnections(Fault.refuse(status));
            Call call = stage.call(WORDS, status);
            stage.begin(call, Duration.ZERO);
            stage.awaitEnds();

            assertThat(stage.standIn().attempts()).hasSize(1);
            List<Status> states = call.statuses();
            assertThat(states).last().extracting(Status::state).isEqualTo(State.FAILED);
            assertThat(states).last().extracting(Status::reason).asString().contains(reason);
            List<Gap> gaps = gapsOf(call);
            assertThat(gaps).hasSize(1);
            assertThat(gaps.get(0).startMillis()).isZero();
            assertThat(gaps.get(0).endMillis()).isEqualTo(call.audio().millis());
            assertThat(gaps.get(0).reason()).contains(reason);
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
