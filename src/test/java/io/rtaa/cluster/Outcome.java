package io.rtaa.cluster;

import io.rtaa.cluster.Transcript.End;
import io.rtaa.cluster.Transcript.Lag;
import io.rtaa.testsupport.Verdict;
import io.rtaa.testsupport.deepgram.SpokenAudio.Spoken;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;

/**
 * What came of a scenario.
 *
 * @param struckMillis when the first step was taken, since the epoch
 * @param countsFromMillis the moment from which the time to recover counts
 * @param lastDeafMillis the last moment in which a call spoke that no recogniser heard
 * @param breaches what the recogniser had to complain of
 */
record Outcome(
        Scenario scenario,
        Bus bus,
        List<SpokenCall> calls,
        Transcripts transcripts,
        long struckMillis,
        long countsFromMillis,
        long lastDeafMillis,
        List<String> breaches) {

    static final String HEADER = String.format(
            "%-38s %-5s %5s %6s %7s %7s %8s %5s %11s %11s %9s",
            "scenario",
            "bus",
            "calls",
            "words",
            "missing",
            "doubled",
            "disorder",
            "gaps",
            "heard again",
            "lag normal",
            "worst lag");

    /** A final may take this much longer than the latest one before the first step and be called in time. */
    private static final long NORMAL_LAG_SLACK_MILLIS = 1000;

    /** Audio that had not left the process that was killed: a window, and what waits to be sent. */
    private static final Duration ON_THE_WAY = Duration.ofSeconds(1);

    private static final Duration LOST_WITHIN = Duration.ofSeconds(30);

    /** The line of the table. */
    String row() {
        List<Verdict> verdicts = calls.stream().map(this::verdict).toList();
        return String.format(
                Locale.ROOT,
                "%-38s %-5s %5d %6d %7d %7d %8d %5d %9.1f s %9.1f s %7.1f s",
                scenario,
                bus.name().toLowerCase(Locale.ROOT),
                calls.size(),
                sum(verdicts, Verdict::words),
                sum(verdicts, verdict -> verdict.missing().size()),
                sum(verdicts, verdict -> verdict.doubled().size()),
                sum(verdicts, Verdict::outOfOrder),
                sum(verdicts, verdict -> verdict.gaps().size()),
                seconds(lastDeafMillis - countsFromMillis),
                seconds(lastLateMillis() - countsFromMillis),
                seconds(lags().mapToLong(Lag::lagMillis).max().orElse(0)));
    }

    /** @throws AssertionError that tells everything that is not as the scenario expects */
    void assertAsExpected() {
        SoftAssertions softly = new SoftAssertions();
        for (SpokenCall call : calls) {
            String name = "call " + call.interactionId();
            Transcript transcript = transcripts.of(call.interactionId());
            Verdict verdict = verdict(call);
            verdict.assertWhatIsThereIsRight(softly, name);
            softly.assertThat(transcript.faults()).as("%s: faults", name).isEmpty();
            softly.assertThat(verdict.gaps()).as("%s: gaps", name).isEmpty();
            softly.assertThat(transcript.end().map(end -> end.event().reason()))
                    .as("%s: end", name)
                    .contains(scenario.expectation().reason());
            switch (scenario.expectation()) {
                case EVERY_WORD -> {
                    softly.assertThat(verdict.missing()).as("%s: missing", name).isEmpty();
                    softly.assertThat(call.report().failure())
                            .as("%s: the caller's trouble", name)
                            .isNull();
                }
                case CALLS_END_AS_LOST -> {
                    softly.assertThat(saidBeforeTheStrike(verdict.missing(), transcript))
                            .as("%s: missing of what was said before", name)
                            .isEmpty();
                    softly.assertThat(transcript.end().map(End::atMillis).orElse(Long.MAX_VALUE) - struckMillis)
                            .as("%s: milliseconds until it ended", name)
                            .isLessThanOrEqualTo(LOST_WITHIN.toMillis());
                }
            }
        }
        softly.assertThat(breaches).as("breaches of the recogniser's protocol").isEmpty();
        softly.assertAll();
    }

    private Verdict verdict(SpokenCall call) {
        return Verdict.of(call.audio(), transcripts.of(call.interactionId()).events());
    }

    private List<Spoken> saidBeforeTheStrike(List<Spoken> words, Transcript transcript) {
        long audioMillis = struckMillis - transcript.beganMillis().orElse(0L) - ON_THE_WAY.toMillis();
        return words.stream().filter(word -> word.endMillis() <= audioMillis).toList();
    }

    private Stream<Lag> lags() {
        return calls.stream().flatMap(call -> transcripts.of(call.interactionId()).lags().stream());
    }

    /** When the last final came that was late, since the epoch; 0 where none was. */
    private long lastLateMillis() {
        long normalMillis = NORMAL_LAG_SLACK_MILLIS
                + lags().filter(lag -> lag.atMillis() < struckMillis)
                        .mapToLong(Lag::lagMillis)
                        .max()
                        .orElse(0);
        return lags().filter(lag -> lag.lagMillis() > normalMillis)
                .mapToLong(Lag::atMillis)
                .max()
                .orElse(0);
    }

    private static int sum(List<Verdict> verdicts, ToIntFunction<Verdict> part) {
        return verdicts.stream().mapToInt(part).sum();
    }

    private static double seconds(long millis) {
        return Math.max(0, millis) / 1000.0;
    }
}
