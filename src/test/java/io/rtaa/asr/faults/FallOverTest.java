package io.rtaa.asr.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.asr.GateOptions;
import io.rtaa.asr.deepgram.DeepgramKeys;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.State;
import io.rtaa.call.TranscriptEvent.Status;
import io.rtaa.testsupport.ConcurrentTest;
import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import io.rtaa.testsupport.deepgram.DeepgramStandIn.Attempt;
import io.rtaa.testsupport.deepgram.Fault;
import io.rtaa.testsupport.deepgram.Quirks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Another recogniser takes calls over where theirs does not take them, and every word is there once. */
class FallOverTest {

    private static final int SPEED = 8;
    private static final int WORDS = 20;
    /** In calls that are to last until all that is said of them has happened. */
    private static final int MANY_WORDS = 60;

    /** More than begin in the time in which a breaker is open. */
    private static final int MOST_CALLS = 100;

    private static final String PRIMARY = "deepgram";

    @ParameterizedTest
    @CsvSource({"401, the API key is not valid", "402, the account has no credit left"})
    @Execution(ExecutionMode.CONCURRENT)
    void aCallThatIsRefusedTriesEachKeyOnceAndIsTakenOver(int status, String reason) throws Exception {
        try (Stage stage = stage("one,two")) {
            stage.standIn().nextConnections(Fault.refuse(status), Fault.refuse(status));
            Call call = stage.call(WORDS, status);
            stage.begin(call, Duration.ZERO);
            stage.awaitEnds();

            assertThat(stage.standIn().attempts()).extracting(Attempt::key).startsWith("one", "two");
            assertThat(call.statuses()).extracting(Status::state).doesNotContain(State.RECOGNISING, State.FAILED);
            assertThat(call.statuses()).last().satisfies(last -> assertIsTakenOver(last, reason));
            assertAllIsThere(stage);
        }
    }

    @ParameterizedTest
    @CsvSource({"401, the API key is not valid", "402, the account has no credit left"})
    @Execution(ExecutionMode.CONCURRENT)
    void aCallThatIsRefusedInMidSentenceIsTakenOverThere(int status, String reason) throws Exception {
        try (Stage stage = stage("one")) {
            stage.standIn().nextConnections(Fault.drop(Duration.ofSeconds(5)), Fault.refuse(status));
            Call call = stage.call(WORDS, status);
            stage.begin(call, Duration.ZERO);
            stage.awaitEnds();

            assertThat(stage.standIn().attempts()).extracting(Attempt::status).startsWith(101, status);
            assertThat(call.statuses())
                    .first()
                    .extracting(Status::state, Status::provider)
                    .containsExactly(State.RECOGNISING, PRIMARY);
            assertThat(call.statuses()).last().satisfies(last -> assertIsTakenOver(last, reason));
            assertAllIsThere(stage);
        }
    }

    @ConcurrentTest
    void callsMoveWhileTheRecogniserIsOutOfOrderAndNewOnesReturnOnceItIsWell() throws Exception {
        try (Stage stage = stage("one")) {
            List<Call> moved = Stream.generate(() -> begin(stage, MANY_WORDS))
                    .limit(GateOptions.DEFAULT_FAILURES_LEAST)
                    .toList();
            stage.await(() -> stage.standIn().connections().size() == moved.size());
            DeepgramStandIn.Ongoing outOfOrder = stage.standIn().during(Fault.refuse(503));
            stage.standIn().hitLive(Fault.drop(Duration.ZERO));
            stage.await(() -> moved.stream().allMatch(FallOverTest::isWithTheOther));
            Call meanwhile = begin(stage, WORDS);
            stage.await(() -> isWithTheOther(meanwhile));

            outOfOrder.close();
            List<Call> returned = new ArrayList<>();
            for (int i = 0; i < MOST_CALLS && returned.size() < GateOptions.DEFAULT_PROBES; i++) {
                Call next = begin(stage, WORDS);
                stage.await(() -> hasWords(next));
                if (!isWithTheOther(next)) {
                    returned.add(next);
                }
            }
            returned.add(begin(stage, WORDS));
            returned.add(begin(stage, WORDS));
            stage.awaitEnds();

            assertThat(returned)
                    .hasSize(GateOptions.DEFAULT_PROBES + 2)
                    .allSatisfy(call -> assertThat(call.statuses())
                            .singleElement()
                            .extracting(Status::state, Status::provider)
                            .containsExactly(State.RECOGNISING, PRIMARY));
            assertThat(moved).allMatch(FallOverTest::isWithTheOther);
            assertAllIsThere(stage);
        }
    }

    private static Stage stage(String keys) throws Exception {
        return new Stage(SPEED, Quirks.SOME, keys.hashCode(), DeepgramKeys.of(keys), Stage.OTHER);
    }

    private static Call begin(Stage stage, int words) {
        Call call = stage.call(words, words);
        stage.begin(call, Duration.ZERO);
        return call;
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
        assertThat(stage.calls()).allSatisfy(call -> call.verdict().assertAllIsThere());
        stage.standIn().assertNoBreach();
        stage.otherStandIn().assertNoBreach();
    }
}
