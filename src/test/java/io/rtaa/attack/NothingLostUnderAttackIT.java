package io.rtaa.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import io.rtaa.testsupport.SigningKey;
import io.rtaa.testsupport.Verdict;
import io.rtaa.testsupport.calls.Callers;
import io.rtaa.testsupport.calls.SpokenCall;
import io.rtaa.testsupport.calls.Transcripts;
import io.rtaa.testsupport.cluster.RtaaProcess;
import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import io.rtaa.testsupport.deepgram.SpokenAudio;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/**
 * The packaged service under one attack after another, from a machine that it shares, while calls go on: every word of them is
 * there once and in order, and each attack gets an answer that it may get. Prints how late finals came meanwhile: a figure only
 * in the profile {@code attacks}, which has many calls and runs nothing beside; docs/testing.md says how.
 */
class NothingLostUnderAttackIT {

    private static final int CALLS = Integer.getInteger("attacks.calls", 10);
    private static final Duration EACH = Duration.ofSeconds(Integer.getInteger("attacks.seconds", 1));
    private static final int ATTACKERS = 2;
    private static final Duration QUIET = EACH.plusSeconds(3);
    private static final Duration FIRST_WORDS = Duration.ofSeconds(15);
    /** By how much an attack may outlast its time, on average. */
    private static final Duration LAST_STRIKE = Duration.ofSeconds(1);

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** A word at the end of the audio may be heard by half. */
    private static final long MAX_ERROR_MILLIS = SpokenAudio.MAX_WORD_MILLIS / 2 + Verdict.MAX_ERROR_MILLIS;

    private static final Path DIRECTORY = Path.of("target", "attacks");
    private static final String BASIC = "key:a-token-of-exotels";
    /** Of the tokens. */
    private static final Duration LIFE = Duration.ofHours(1);

    private final Vertx vertx = Vertx.vertx();
    private final ScheduledExecutorService timeline = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService attackers = Executors.newFixedThreadPool(ATTACKERS);
    private final Map<Attack, Map<String, Integer>> answers = new EnumMap<>(Attack.class);
    private final Map<Attack, Stretch> stretches = new EnumMap<>(Attack.class);

    /** A time, in milliseconds since the epoch. */
    private record Stretch(long fromMillis, long toMillis) {
        boolean holds(long millis) {
            return millis >= fromMillis && millis <= toMillis;
        }
    }

    @Test
    void everyWordIsThereAndEachAttackIsAnswered() throws Exception {
        SigningKey key = SigningKey.FIRST;
        Principal viewer = new Principal("viewer", Role.ADMIN, null);
        try (DeepgramStandIn recogniser = DeepgramStandIn.start(vertx);
                RtaaProcess service = new RtaaProcess(
                        "attacked",
                        DIRECTORY,
                        "ingest,asr,dashboard",
                        Map.of(
                                "DEEPGRAM_API_KEY",
                                "key",
                                "DEEPGRAM_URL",
                                recogniser.url().toString(),
                                "EXOTEL_BASIC_AUTH",
                                BASIC,
                                "JWT_PUBLIC_KEY",
                                key.publicPem()))) {
            service.start();
            Target target =
                    new Target(service.port(), BASIC, key.publicPem(), SigningKey.SECOND.token(viewer, LIFE), EACH);
            try (Transcripts transcripts =
                    new Transcripts(service.address("ws", "/v1/transcripts"), key.token(viewer, LIFE))) {
                List<SpokenCall> calls = new Callers(vertx, timeline, service.address("ws", "/v1/exotel"), BASIC, 1)
                        .place(CALLS, length());
                Stretch quiet = quiet(calls, transcripts);
                for (Attack attack : Attack.values()) {
                    stretches.put(attack, strike(attack, target));
                }
                await().atMost(length().plus(PATIENCE))
                        .until(() -> calls.stream()
                                .allMatch(call -> call.isOver()
                                        && transcripts
                                                .of(call.interactionId())
                                                .end()
                                                .isPresent()));
                print(calls, transcripts, quiet);
                assertAll(calls, transcripts);
            }
        } finally {
            attackers.shutdownNow();
            timeline.shutdownNow();
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** Calls that outlast the first words of a JVM that was just started, and all attacks. */
    private static Duration length() {
        return FIRST_WORDS.plus(QUIET).plus(EACH.plus(LAST_STRIKE).multipliedBy(Attack.values().length));
    }

    /** Waits until every call was heard, and then for a while, for the lateness without an attack. */
    private static Stretch quiet(List<SpokenCall> calls, Transcripts transcripts) {
        await().atMost(PATIENCE)
                .until(() -> calls.stream()
                        .noneMatch(call ->
                                transcripts.of(call.interactionId()).lags().isEmpty()));
        long from = System.currentTimeMillis();
        await().atMost(QUIET.multipliedBy(2)).until(() -> System.currentTimeMillis() - from > QUIET.toMillis());
        return new Stretch(from, System.currentTimeMillis());
    }

    private Stretch strike(Attack attack, Target target) throws InterruptedException {
        Map<String, Integer> counted = new ConcurrentHashMap<>();
        answers.put(attack, counted);
        long from = System.currentTimeMillis();
        List<Callable<Void>> all = new ArrayList<>();
        for (int i = 0; i < ATTACKERS; i++) {
            all.add(() -> {
                do {
                    counted.merge(answer(attack, target), 1, Integer::sum);
                } while (System.currentTimeMillis() - from < EACH.toMillis());
                return null;
            });
        }
        for (var running : attackers.invokeAll(all)) {
            assertThat(running).succeedsWithin(Duration.ZERO);
        }
        return new Stretch(from, System.currentTimeMillis());
    }

    private static String answer(Attack attack, Target target) {
        try {
            return attack.strike(target);
        } catch (Attack.RefusedException e) {
            return e.getMessage();
        } catch (IOException e) {
            return "broken off";
        }
    }

    private void print(List<SpokenCall> calls, Transcripts transcripts, Stretch quiet) {
        double usual = p99(calls, transcripts, quiet);
        System.out.printf(Locale.ROOT, "%n%d calls; finals p99 %.0f ms late without an attack%n", CALLS, usual);
        System.out.printf(Locale.ROOT, "%-20s %7s %9s  %s%n", "attack", "strikes", "added p99", "answers");
        answers.forEach((attack, counted) -> System.out.printf(
                Locale.ROOT,
                "%-20s %7d %6.0f ms  %s%n",
                attack.name().toLowerCase(Locale.ROOT),
                counted.values().stream().mapToInt(Integer::intValue).sum(),
                p99(calls, transcripts, stretches.get(attack)) - usual,
                new TreeMap<>(counted)));
    }

    private static double p99(List<SpokenCall> calls, Transcripts transcripts, Stretch stretch) {
        long[] lags = calls.stream()
                .flatMap(call -> transcripts.of(call.interactionId()).lags().stream())
                .filter(lag -> stretch.holds(lag.atMillis()))
                .mapToLong(lag -> lag.lagMillis())
                .sorted()
                .toArray();
        return lags.length == 0 ? Double.NaN : lags[(int) Math.ceil(lags.length * 0.99) - 1];
    }

    private void assertAll(List<SpokenCall> calls, Transcripts transcripts) {
        SoftAssertions softly = new SoftAssertions();
        for (SpokenCall call : calls) {
            String name = "call " + call.interactionId();
            Verdict verdict = Verdict.of(
                    call.audio(), transcripts.of(call.interactionId()).events());
            verdict.assertWhatIsThereIsRight(softly, name, MAX_ERROR_MILLIS);
            softly.assertThat(verdict.missing()).as("%s: missing", name).isEmpty();
            softly.assertThat(verdict.gaps()).as("%s: gaps", name).isEmpty();
            softly.assertThat(call.report().failure())
                    .as("%s: the caller's trouble", name)
                    .isNull();
        }
        for (Attack attack : Attack.values()) {
            softly.assertThat(p99(calls, transcripts, stretches.get(attack)))
                    .as("%s: finals of calls came meanwhile", attack)
                    .isNotNaN();
            softly.assertThat(answers.get(attack)).as("%s", attack).isNotEmpty();
            softly.assertThat(answers.get(attack).keySet())
                    .as("%s: %s", attack, attack.inWords())
                    .allMatch(answer -> attack.allows(answer) || answer.equals("429"));
        }
        softly.assertAll();
    }
}
