package io.rtaa.asr.faults;

import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.simulator.CallPlan;
import io.rtaa.simulator.ExotelCaller;
import io.rtaa.simulator.Recording;
import io.rtaa.testsupport.DashboardClient;
import io.rtaa.testsupport.RunningJar;
import io.rtaa.testsupport.Verdict;
import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import io.rtaa.testsupport.deepgram.Quirks;
import io.rtaa.testsupport.deepgram.SpokenAudio;
import io.rtaa.wire.TranscriptReader;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/**
 * The whole service as a process of its own, in real time: callers that speak Exotel's protocol on one side, the stand-in on
 * the other, and a reader of the dashboard's events.
 *
 * <p>Thread-safety: for one test thread.
 */
final class LiveStage implements AutoCloseable {

    private static final int RATE = 8000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Vertx vertx = Vertx.vertx();
    private final ExotelCaller caller = new ExotelCaller(vertx, 1);
    private final DeepgramStandIn standIn;
    private final RunningJar service;
    private final DashboardClient dashboard;
    private final Map<String, SpokenAudio> calls = new HashMap<>();

    LiveStage(Quirks quirks, long seed) throws Exception {
        standIn = DeepgramStandIn.start(
                vertx, DeepgramStandIn.Config.standard().withQuirks(quirks).withSeed(seed));
        service = RunningJar.startUnpackaged(Map.of(
                "DEEPGRAM_URL", standIn.url().toString(), "DEEPGRAM_API_KEY", "any-key", "MANAGEMENT_PORT", "0"));
        dashboard = new DashboardClient(address("/v1/transcripts"));
    }

    private URI address(String path) {
        return URI.create("ws://127.0.0.1:" + service.port() + path);
    }

    DeepgramStandIn standIn() {
        return standIn;
    }

    /** Places a call in which so many words are said, in a rhythm that the seed decides. */
    void call(int words, long seed) {
        SpokenAudio audio = SpokenAudio.speak(RATE, calls.size() * words, words, seed);
        CallPlan plan = CallPlan.of(address("/v1/exotel"), new Recording(RATE, audio.pcm()));
        calls.put(caller.place(plan).streamSids().get(0), audio);
    }

    /** Waits until words of every call are final. */
    void awaitWords() {
        awaitInEachCall(event -> event instanceof Final said && !said.words().isEmpty());
    }

    /** Stops the service's process, callers and stand-in going on, and lets it go on after a while. */
    void suspend(Duration length) throws Exception {
        service.suspend();
        CompletableFuture<Void> over = new CompletableFuture<>();
        vertx.setTimer(length.toMillis(), ignored -> over.complete(null));
        over.join();
        service.resume();
    }

    /** Waits until every call has ended. */
    List<Verdict> awaitVerdicts() {
        awaitInEachCall(CallEnded.class::isInstance);
        return calls.entrySet().stream()
                .map(call -> Verdict.of(call.getValue(), events(call.getKey())))
                .toList();
    }

    private void awaitInEachCall(Predicate<TranscriptEvent> event) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> calls.keySet().stream()
                        .allMatch(call -> events(call).stream().anyMatch(event)));
    }

    private List<TranscriptEvent> events(String call) {
        return dashboard.events(call).stream()
                .map(json -> TranscriptReader.read(json.toString().getBytes(StandardCharsets.UTF_8)))
                .filter(Objects::nonNull)
                .toList();
    }

    /** How long what was said is, all calls together. */
    long spokenMillis() {
        return calls.values().stream().mapToLong(SpokenAudio::millis).sum();
    }

    @Override
    public void close() {
        dashboard.close();
        service.close();
        standIn.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
