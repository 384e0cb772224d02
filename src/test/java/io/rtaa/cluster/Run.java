package io.rtaa.cluster;

import static org.awaitility.Awaitility.await;

import io.rtaa.testsupport.calls.Callers;
import io.rtaa.testsupport.calls.SpokenCall;
import io.rtaa.testsupport.calls.Transcript;
import io.rtaa.testsupport.calls.Transcripts;
import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.core.ConditionTimeoutException;
import org.springframework.util.FileSystemUtils;

/**
 * One scenario from beginning to end, on a cluster of its own.
 *
 * @param calls how many at once
 * @param length how long each lasts, roughly
 * @param directory for logs and data; emptied first
 */
record Run(Scenario scenario, Bus bus, int calls, Duration length, Path directory) {

    /** How long after the last caller hung up the last event may come. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    static final Duration LOOK_EVERY = Duration.ofSeconds(5);
    private static final Duration KEEPS_UP_WITHIN = Duration.ofSeconds(45);

    /** How long after its last word a final comes at most where nothing holds it up. */
    private static final Duration USUAL_LAG = Duration.ofSeconds(3);

    /** How many of the calls have to. */
    private static final double KEEP_UP = 0.9;

    private static final Duration POLL = Duration.ofMillis(100);

    Outcome play() throws Exception {
        return play(cluster -> {});
    }

    /** @param look done every {@link #LOOK_EVERY} while the cluster is up */
    Outcome play(Consumer<Cluster> look) throws Exception {
        FileSystemUtils.deleteRecursively(directory);
        ScheduledExecutorService timeline = Executors.newSingleThreadScheduledExecutor();
        Vertx vertx = Vertx.vertx();
        try (DeepgramStandIn recogniser = DeepgramStandIn.start(vertx);
                Cluster cluster = Cluster.start(bus, directory, recogniser.url());
                Transcripts transcripts = new Transcripts(cluster.dashboard().address("ws", "/v1/transcripts"))) {
            var unused = timeline.scheduleAtFixedRate(
                    () -> look.accept(cluster), LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
            List<SpokenCall> placed = new Callers(
                            vertx,
                            timeline,
                            cluster.ingest().address("ws", "/v1/exotel"),
                            null,
                            scenario.name().hashCode())
                    .place(calls, length);
            try (Hearing hearing = new Hearing(recogniser, placed)) {
                awaitKeepsUp(placed, transcripts);
                Strikes strikes = strike(cluster, timeline);
                awaitEnds(placed, transcripts);
                return new Outcome(
                        scenario,
                        bus,
                        placed,
                        transcripts,
                        strikes.firstMillis(),
                        strikes.countsFromMillis(),
                        hearing.heardAgainMillis(strikes.firstMillis()),
                        recogniser.breaches());
            }
        } finally {
            timeline.shutdownNow();
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** When the first step was taken, and from when the time to recover counts: never, where nothing is done. */
    private record Strikes(long firstMillis, long countsFromMillis) {
        static final Strikes NONE = new Strikes(Long.MAX_VALUE, Long.MAX_VALUE);

        Strikes then(Step step, long nowMillis) {
            boolean isFirst = firstMillis == Long.MAX_VALUE;
            return new Strikes(
                    isFirst ? nowMillis : firstMillis, isFirst || step.isReturn() ? nowMillis : countsFromMillis);
        }
    }

    private Strikes strike(Cluster cluster, ScheduledExecutorService timeline)
            throws InterruptedException, ExecutionException {
        Strikes strikes = Strikes.NONE;
        long beginMillis = System.currentTimeMillis();
        for (Step step : scenario.steps()) {
            long waitMillis = beginMillis + step.after().toMillis() - System.currentTimeMillis();
            timeline.schedule(() -> step.action().accept(cluster), waitMillis, TimeUnit.MILLISECONDS)
                    .get();
            strikes = strikes.then(step, System.currentTimeMillis());
        }
        return strikes;
    }

    /**
     * A JVM that has just started is behind by seconds, and what it has not read from its sockets dies with it: that says
     * nothing of a kill. A busy machine hears one or the other call late all the time.
     */
    private static void awaitKeepsUp(List<SpokenCall> calls, Transcripts transcripts) {
        try {
            await().atMost(KEEPS_UP_WITHIN)
                    .pollInterval(POLL)
                    .until(() -> calls.stream()
                                    .filter(call -> keepsUp(call, transcripts.of(call.interactionId())))
                                    .count()
                            >= calls.size() * KEEP_UP);
        } catch (ConditionTimeoutException e) {
            // The verdict says what was lost.
        }
    }

    /** Whether the last final of a call came in time. */
    private static boolean keepsUp(SpokenCall call, Transcript transcript) {
        List<Transcript.Lag> lags = transcript.lags();
        return !lags.isEmpty()
                && lags.get(lags.size() - 1).lagMillis()
                                + transcript.beganMillis().orElseThrow()
                                - call.beganMillis()
                        <= USUAL_LAG.toMillis();
    }

    private static void awaitEnds(List<SpokenCall> calls, Transcripts transcripts) {
        Duration longest = Duration.ofMillis(
                calls.stream().mapToLong(call -> call.audio().millis()).max().orElseThrow());
        try {
            await().atMost(longest.plus(PATIENCE))
                    .pollInterval(POLL)
                    .until(() -> calls.stream()
                            .allMatch(call -> call.isOver()
                                    && transcripts
                                            .of(call.interactionId())
                                            .end()
                                            .isPresent()));
        } catch (ConditionTimeoutException e) {
            // The verdict says of each call how far it came.
        }
    }
}
