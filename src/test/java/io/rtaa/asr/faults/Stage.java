package io.rtaa.asr.faults;

import io.rtaa.asr.AsrComponent;
import io.rtaa.asr.FastTime;
import io.rtaa.asr.deepgram.DeepgramKeys;
import io.rtaa.asr.deepgram.DeepgramOptions;
import io.rtaa.asr.deepgram.DeepgramProvider;
import io.rtaa.asr.deepgram.DeepgramTransport;
import io.rtaa.call.AudioMessage;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import io.rtaa.testsupport.deepgram.Quirks;
import io.rtaa.testsupport.deepgram.SpokenAudio;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.Awaitility;

/**
 * Everything from a caller's audio windows to transcript events, on one fast clock: routes around {@code asr:deepgram}, the
 * real provider, and the stand-in at the other end of real sockets.
 *
 * <p>Thread-safety: one test thread sets it up; scheduled actions run on threads of its own.
 */
final class Stage implements AutoCloseable {

    private static final int RATE = 8000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final FastTime time;
    private final Vertx vertx = Vertx.vertx();
    private final DeepgramStandIn standIn;
    private final DeepgramProvider provider;
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final ProducerTemplate toSessions;
    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(2);
    private final Map<StreamId, Call> calls = new ConcurrentHashMap<>();

    /** How long, of real time, a busy machine may leave a socket unread. */
    private static final Duration HICCUP = Duration.ofMillis(200);

    Stage(int speed, Quirks quirks, long seed, DeepgramKeys keys) throws Exception {
        time = new FastTime(speed);
        standIn = DeepgramStandIn.start(
                vertx,
                DeepgramStandIn.Config.standard()
                        .withQuirks(quirks)
                        .withSeed(seed)
                        .withNanoTime(time.nanos())
                        // A moment in which this machine does something else is several moments of a fast clock.
                        .withPaceSlack(DeepgramStandIn.Config.DEFAULT_PACE_SLACK.plus(HICCUP.multipliedBy(speed)))
                        .withIdleTimeout(DeepgramStandIn.Config.DEFAULT_IDLE_TIMEOUT));
        provider = new DeepgramProvider(
                vertx,
                new DeepgramTransport(
                        standIn.url(),
                        DeepgramTransport.DEFAULT_CONNECT_TIMEOUT,
                        time.real(DeepgramTransport.DEFAULT_KEEP_ALIVE_AFTER),
                        time.real(DeepgramTransport.DEFAULT_SEND_TIMEOUT),
                        time.real(DeepgramTransport.DEFAULT_DRAIN_TIMEOUT)),
                DeepgramOptions.DEFAULTS,
                keys);
        AsrComponent component = new AsrComponent();
        component.addProvider(provider);
        time.rule(component);
        context.addComponent("asr", component);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("asr:deepgram")
                        .process(exchange -> hear(exchange.getMessage().getMandatoryBody(TranscriptEvent.class)));
                from("direct:audio").to("asr:deepgram");
            }
        });
        context.start();
        toSessions = context.createProducerTemplate();
        repeat(() -> FastTime.tick(component), Duration.ZERO, time.tickInterval());
    }

    private void hear(TranscriptEvent event) {
        Call call = calls.get(event.stream());
        if (call == null) {
            throw new IllegalStateException("an event of the unknown stream " + event.stream());
        }
        call.add(event);
    }

    DeepgramStandIn standIn() {
        return standIn;
    }

    Collection<Call> calls() {
        return calls.values();
    }

    /** A call in which so many words are said, in a rhythm that the seed decides; its first window comes after a while. */
    Call place(int words, long seed, Duration after) {
        int index = calls.size();
        StreamId stream = new StreamId("acme", "call-" + index);
        Call call = new Call(stream, SpokenAudio.speak(RATE, index * words, words, seed));
        calls.put(stream, call);
        repeat(
                () -> {
                    AudioMessage message = call.nextMessage();
                    if (message != null) {
                        toSessions.sendBody("direct:audio", message);
                    }
                },
                time.real(after),
                time.real(Duration.ofMillis(Call.WINDOW_MILLIS)));
        return call;
    }

    /** Does something when so much of the fast time has passed. */
    void after(Duration fast, Runnable action) {
        note(scheduler.schedule(action, time.real(fast).toNanos(), TimeUnit.NANOSECONDS));
    }

    /** Waits until every call has ended. */
    void awaitEnds() {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> calls.values().stream()
                .allMatch(Call::isOver));
    }

    /** Seconds of audio that the stand-in got more than once. */
    double replayedSeconds() {
        long received = standIn.connections().stream()
                .mapToLong(connection -> connection.audioMillis())
                .sum();
        long spoken =
                calls.values().stream().mapToLong(call -> call.audio().millis()).sum();
        return (received - spoken) / 1000.0;
    }

    private void repeat(Runnable action, Duration delay, Duration interval) {
        note(scheduler.scheduleAtFixedRate(action, delay.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS));
    }

    /** What is scheduled is only ever ended all together. */
    private static void note(Future<?> scheduled) {
        if (scheduled.isCancelled()) {
            throw new IllegalStateException("the stage is closed");
        }
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
        context.stop();
        provider.close();
        standIn.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
