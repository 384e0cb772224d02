package io.rtaa.asr.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.asr.deepgram.DeepgramKeys;
import io.rtaa.testsupport.ConcurrentTest;
import io.rtaa.testsupport.Verdict;
import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import io.rtaa.testsupport.deepgram.Quirks;
import io.rtaa.testsupport.deepgram.StandInConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every word of every call once, in order and in its place, whatever becomes of the connection. {@code -Dfaults.calls=50}
 * has more calls side by side and prints a table, {@code -Dfaults.speed} sets how fast time runs, {@code -Dfaults.seed}
 * throws other dice.
 */
class NoWordLostTest {

    private static final int DEFAULT_CALLS = 4;
    private static final int CALLS = Integer.getInteger("faults.calls", DEFAULT_CALLS);
    /** Fast enough for a build, slow enough that a few calls keep their pace on a busy machine. */
    private static final int SPEED = Integer.getInteger("faults.speed", 8);

    private static final long SEED = Long.getLong("faults.seed", 1);
    private static final int WORDS = 30;
    /** In calls that last as long as in life. */
    private static final int LIVE_WORDS = 18;

    private static final int MAX_STAGGER_MILLIS = 1000;

    private static final List<String> TABLE = new CopyOnWriteArrayList<>();

    @TempDir
    Path directory;

    @ParameterizedTest(name = "{0}")
    @EnumSource
    @Execution(ExecutionMode.CONCURRENT)
    void everyWordIsThereOnceInItsPlace(Scenario scenario) throws Exception {
        Random random = new Random(SEED * 31 + scenario.name().hashCode());
        Path keyFile = Files.writeString(directory.resolve("key"), Scenario.OLD_KEY);
        try (Stage stage = new Stage(SPEED, scenario.quirks(), random.nextLong(), DeepgramKeys.ofFile(keyFile))) {
            // Calls in one rhythm last alike, so that a fault can hit every one of them at its end.
            long rhythm = random.nextLong();
            List<Call> calls = Stream.generate(() -> stage.call(WORDS, rhythm))
                    .limit(CALLS)
                    .toList();
            scenario.prepare(stage, keyFile, random);
            for (Call call : calls) {
                stage.begin(call, Duration.ofMillis(random.nextInt(MAX_STAGGER_MILLIS)));
            }
            stage.awaitEnds();

            List<Verdict> verdicts = stage.calls().stream().map(Call::verdict).toList();
            long spokenMillis =
                    calls.stream().mapToLong(call -> call.audio().millis()).sum();
            TABLE.add(row(scenario.toString(), verdicts, spokenMillis, stage.standIn()));
            assertThat(verdicts).allSatisfy(Verdict::assertAllIsThere);
            scenario.assertStruck(stage);
            stage.standIn().assertNoBreach();
        }
    }

    /** The whole service in real time: a process that is stopped and goes on is nothing a clock in hand can be trusted for. */
    @ConcurrentTest
    void everyWordIsThereThoughTheProcessIsStoppedFor3s() throws Exception {
        try (LiveStage stage = new LiveStage(Quirks.SOME, SEED)) {
            for (int i = 0; i < CALLS; i++) {
                stage.call(LIVE_WORDS, SEED + i);
            }
            stage.awaitWords();
            stage.suspend(Duration.ofSeconds(3));

            List<Verdict> verdicts = stage.awaitVerdicts();
            TABLE.add(row("process stopped 3 s", verdicts, stage.spokenMillis(), stage.standIn()));
            assertThat(verdicts).allSatisfy(Verdict::assertAllIsThere);
            stage.standIn().assertNoBreach();
        }
    }

    private static String row(String fault, List<Verdict> verdicts, long spokenMillis, DeepgramStandIn standIn) {
        long receivedMillis = standIn.connections().stream()
                .mapToLong(StandInConnection::audioMillis)
                .sum();
        return String.format(
                "%-22s %5d %6d %7d %7d %9d ms %8.1f s %8d",
                fault,
                verdicts.size(),
                verdicts.stream().mapToInt(Verdict::words).sum(),
                verdicts.stream().mapToInt(verdict -> verdict.missing().size()).sum(),
                verdicts.stream().mapToInt(verdict -> verdict.doubled().size()).sum(),
                verdicts.stream().mapToLong(Verdict::worstErrorMillis).max().orElse(0),
                (receivedMillis - spokenMillis) / 1000.0,
                standIn.breaches().size());
    }

    @AfterAll
    static void printTable() {
        if (CALLS != DEFAULT_CALLS) {
            System.out.printf(
                    "%n%-22s %5s %6s %7s %7s %12s %10s %8s%n%s%n",
                    "fault",
                    "calls",
                    "words",
                    "missing",
                    "doubled",
                    "worst error",
                    "replayed",
                    "breaches",
                    String.join(System.lineSeparator(), TABLE));
        }
    }
}
