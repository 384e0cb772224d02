package io.rtaa.asr.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.asr.GateOptions;
import io.rtaa.asr.deepgram.DeepgramKeys;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.State;
import io.rtaa.call.TranscriptEvent.Status;
import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import io.rtaa.testsupport.deepgram.DeepgramStandIn.Attempt;
import io.rtaa.testsupport.deepgram.Fault;
import io.rtaa.testsupport.deepgram.Quirks;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Another recogniser takes calls over where theirs does not take them, and every word is there once. */
class FallOverTest {

    private static final int SPEED = 8;
    private static final int WORDS = 20;
    private static final String PRIMARY = "deepgram";

    @ParameterizedTest
    @CsvSource({"401, the API key is not valid", "402, the account has no credit left"})
    void aCallThatIsRefusedTriesEachKeyOnceAndIsTakenOver(int status, String reason) throws Exception {
        try (Stage stage = stage("one,two")) {
            stage.standIn().nextConnections(Fault.refuse(status), Fault.refuse(status));
            Call call = stage.call(WORDS, status);
            stage.begin(call, Duration.ZERO);
            stage.awaitEnds();

            assertThat(stage.standIn().attempts()).extracting(Attempt::key).containsExactly("one", "two");
            assertThat(call.statuses()).extracting(Status::state).doesNotContain(State.RECOGNISING, State.FAILED);
            assertThat(call.statuses()).last().satisfies(last -> assertIsTakenOver(last, reason));
            assertAllIsThere(stage);
        }
    }

    @ParameterizedTest
    @CsvSource({"401, the API key is not valid", "402, the account has no credit left"})
    void aCallThatIsRefusedInMidSentenceIsTakenOverThere(int status, String reason) throws Exception {
        try (Stage stage = stage("one")) {
            Call call = stage.call(WORDS, status);
            stage.begin(call, Duration.ZERO);
            stage.after(Duration.ofSeconds(5), () -> {
                stage.standIn().nextConnections(Fault.refuse(status));
                stage.standIn().hitLive(Fault.drop(Duration.ZERO));
            });
            stage.awaitEnds();

            assertThat(stage.standIn().attempts()).extracting(Attempt::status).containsExactly(101, status);
            assertThat(call.statuses())
                    .first()
                    .extracting(Status::state, Status::provider)
                    .containsExactly(State.RECOGNISING, PRIMARY);
            assertThat(call.statuses()).last().satisfies(last -> assertIsTakenOver(last, reason));
            assertAllIsThere(stage);
        }
    }

    @Test
    void callsMoveWhileTheRecogniserIsOutOfOrderAndNewOnesReturnOnceItIsWell() throws Exception {
        try (Stage stage = stage("one")) {
            List<Call> moved = begin(stage, GateOptions.DEFAULT_FAILURES_LEAST);
            stage.await(() -> stage.standIn().connections().size() == moved.size());
            DeepgramStandIn.Ongoing outOfOrder = stage.standIn().during(Fault.refuse(503));
            stage.standIn().hitLive(Fault.drop(Duration.ZERO));
            stage.await(() -> moved.stream().allMatch(FallOverTest::isWithTheOther));

            List<Call> meanwhile = begin(stage, 1);
            stage.await(() -> isWithTheOther(meanwhile.get(0)));
            assertThat(meanwhile.get(0).statuses())
                    .singleElement()
                    .satisfies(only -> assertIsTakenOver(only, "it is given a rest"));

            outOfOrder.close();
            List<Call> tried = new CopyOnWriteArrayList<>();
            stage.after(
                    GateOptions.DEFAULT_OPEN_FOR.plusSeconds(1),
                    () -> tried.addAll(begin(stage, GateOptions.DEFAULT_PROBES)));
            stage.await(() ->
                    tried.size() == GateOptions.DEFAULT_PROBES && tried.stream().allMatch(FallOverTest::hasWords));
            List<Call> afterwards = begin(stage, GateOptions.DEFAULT_PROBES + 1);
            stage.awaitEnds();

            assertThat(Stream.concat(tried.stream(), afterwards.stream()))
                    .allSatisfy(call -> assertThat(call.statuses())
                            .singleElement()
                            .extracting(Status::state, Status::provider)
                            .containsExactly(State.RECOGNISING, PRIMARY));
            assertAllIsThere(stage);
        }
    }

    private static Stage stage(String keys) throws Exception {
        return new Stage(SPEED, Quirks.SOME, keys.hashCode(), DeepgramKeys.of(keys), Stage.OTHER);
    }

    private static List<Call> begin(Stage stage, int count) {
        List<Call> calls =
                Stream.generate(() -> stage.call(WORDS, count)).limit(count).toList();
        calls.forEach(call -> stage.begin(call, Duration.ZERO));
        return calls;
    }

    private static boolean isWithTheOther(Call call) {
        List<Status> told = call.statuses();
        return !told.isEmpty() && told.get(told.size() - 1).state() == State.FALLBACK;
    }

    private static boolean hasWords(Call call) {
        return call.events().stream()
                .anyMatch(event -> event instanceof Final said && !said.words().isEmpty());
    }

    private static void assertIsTakenOver(Status status, String reason) {
        assertThat(status.state()).isEqualTo(State.FALLBACK);
        assertThat(status.provider()).isEqualTo(Stage.OTHER);
        assertThat(status.reason()).contains(reason);
    }

    private static void assertAllIsThere(Stage stage) {
        assertThat(stage.calls()).allSatisfy(call -> Verdict.of(call).assertAllIsThere());
        stage.standIn().assertNoBreach();
        stage.otherStandIn().assertNoBreach();
    }
}
