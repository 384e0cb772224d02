package io.rtaa.cluster;

import io.rtaa.testsupport.Verdict;
import io.rtaa.testsupport.calls.SpokenCall;
import io.rtaa.testsupport.calls.Transcript;
import io.rtaa.testsupport.calls.Transcript.End;
import io.rtaa.testsupport.calls.Transcript.Lag;
import io.rtaa.testsupport.calls.Transcripts;
import io.rtaa.testsupport.deepgram.SpokenAudio;
import io.rtaa.testsupport.deepgram.SpokenAudio.Spoken;
import java.time.Duration;
import java.util.ArrayList;
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
 * @param heardAgainMillis when a recogniser heard every call again; 0 where one always did
 * @param breaches what the recogniser had to complain of
 */
record Outcome(
        Scenario scenario,
        Bus bus,
        List<SpokenCall> calls,
        Transcripts transcripts,
        long struckMillis,
        long countsFromMillis,
        long heardAgainMillis,
        List<String> breaches) {

    static final String HEADER = String.format(
            "%-38s %-5s %5s %6s %7s %7s %8s %5s %10s %11s %11s %9s",
            "scenario",
            "bus",
            "calls",
            "words",
            "missing",
            "doubled",
            "disorder",
            "gaps",
            "time error",
            "heard again",
            "lag normal",
            "worst lag");

    /** A final may take this much longer than the latest one before the first step and be called in time. */
    private static final long NORMAL_LAG_SLACK_MILLIS = 1000;

    /** Audio that had not left the process that was killed: a window, and what waits to be sent. */
    private static final Duration ON_THE_WAY = Duration.ofSeconds(1);

    /**
     * Where one session stops hearing and another begins, or the audio ends, a word may be heard by half; the rest is as the
     * recogniser's times are.
     */
    private static final long MAX_ERROR_MILLIS = SpokenAudio.MAX_WORD_MILLIS / 2 + Verdict.MAX_ERROR_MILLIS;

    private static final Duration LOST_WITHIN = Duration.ofSeconds(30);

    /** The line of the table. */
    String row() {
        List<Verdict> verdicts = calls.stream().map(this::verdict).toList();
        return String.format(
                Locale.ROOT,
                "%-38s %-5s %5d %6d %7d %7d %8d %5d %7d ms %11s %11s %7.1f s",
                scenario,
                bus.name().toLowerCase(Locale.ROOT),
                calls.size(),
                sum(calls, call -> expected(call).size()),
                sum(calls, call -> missing(call).size()),
                sum(verdicts, verdict -> verdict.doubled().size()),
                sum(verdicts, Verdict::outOfOrder),
                sum(verdicts, verdict -> verdict.gaps().size()),
                verdicts.stream().mapToLong(Verdict::worstErrorMillis).max().orElse(0),
                recovery(heardAgainMillis),
                recovery(lastLateMillis()),
                lags().mapToLong(Lag::lagMillis).max().orElse(0) / 1000.0);
    }

    /** How long after the moment that counts something was well again. */
    private String recovery(long wellMillis) {
        return switch (scenario.expectation()) {
            case EVERY_WORD ->
                String.format(Locale.ROOT, "%.1f s", Math.max(0, wellMillis - countsFromMillis) / 1000.0);
            case CALLS_END_AS_LOST -> "never";
        };
    }

    /** @throws AssertionError that tells everything that is not as the scenario expects */
    void assertAsExpected() {
        SoftAssertions softly = new SoftAssertions();
        for (SpokenCall call : calls) {
            String name = "call " + call.interactionId();
            Transcript transcript = transcript(call);
            Verdict verdict = verdict(call);
            verdict.assertWhatIsThereIsRight(softly, name, MAX_ERROR_MILLIS);
            softly.assertThat(transcript.faults()).as("%s: faults", name).isEmpty();
            softly.assertThat(verdict.gaps()).as("%s: gaps", name).isEmpty();
            softly.assertThat(transcript.end().map(end -> end.event().reason()))
                    .as("%s: end", name)
                    .contains(scenario.expectation().reason());
            softly.assertThat(missing(call)).as("%s: missing", name).isEmpty();
            switch (scenario.expectation()) {
                case EVERY_WORD ->
                    softly.assertThat(call.report().failure())
                            .as("%s: the caller's trouble", name)
                            .isNull();
                case CALLS_END_AS_LOST ->
                    softly.assertThat(transcript.end().map(End::atMillis).orElse(Long.MAX_VALUE) - struckMillis)
                            .as("%s: milliseconds until it ended", name)
                            .isLessThanOrEqualTo(LOST_WITHIN.toMillis());
            }
        }
        softly.assertThat(breaches).as("breaches of the recogniser's protocol").isEmpty();
        softly.assertAll();
    }

    private Transcript transcript(SpokenCall call) {
        return transcripts.of(call.interactionId());
    }

    private Verdict verdict(SpokenCall call) {
        return Verdict.of(call.audio(), transcript(call).events());
    }

    /** The words that have to be there. */
    private List<Spoken> expected(SpokenCall call) {
        List<Spoken> said = call.audio().words();
        return switch (scenario.expectation()) {
            case EVERY_WORD -> said;
            case CALLS_END_AS_LOST -> {
                long audioMillis = struckMillis - transcript(call).beganMillis().orElse(0L) - ON_THE_WAY.toMillis();
                yield said.stream()
                        .filter(word -> word.endMillis() <= audioMillis)
                        .toList();
            }
        };
    }

    private List<Spoken> missing(SpokenCall call) {
        List<Spoken> missing = new ArrayList<>(expected(call));
        missing.retainAll(verdict(call).missing());
        return missing;
    }

    private Stream<Lag> lags() {
        return calls.stream().flatMap(call -> transcript(call).lags().stream());
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

    private static <T> int sum(List<T> all, ToIntFunction<T> part) {
        return all.stream().mapToInt(part).sum();
    }
}
