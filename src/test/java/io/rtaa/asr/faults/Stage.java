package io.rtaa.asr.faults;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.concurrent.EventExecutor;
import io.rtaa.asr.AsrComponent;
import io.rtaa.asr.CoolDown;
import io.rtaa.asr.FastTime;
import io.rtaa.asr.RecogniserConnection;
import io.rtaa.asr.RecogniserListener;
import io.rtaa.asr.RecogniserProvider;
import io.rtaa.asr.RecogniserRequest;
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
import io.vertx.core.impl.VertxInternal;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Everything from a caller's audio windows to transcript events, on one fast clock: routes around {@code asr:deepgram}, the
 * real provider, and the stand-in at the other end of real sockets. A second pair of a provider and its stand-in takes calls
 * over where that is wanted.
 *
 * <p>Thread-safety: one test thread sets it up; scheduled actions run on threads of its own.
 */
final class Stage implements AutoCloseable {

    /** The provider that takes over. */
    static final String OTHER = "other";

    private static final int RATE = 8000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final FastTime time;
    /** The service's side of the sockets, and the other. */
    private final Vertx vertx = Vertx.vertx();

    private final Vertx peersVertx = Vertx.vertx();
    private final DeepgramStandIn standIn;
    private final DeepgramStandIn otherStandIn;
    private final List<DeepgramProvider> providers;
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final ProducerTemplate toSessions;
    /** Drives the service; stops while it is suspended. */
    private final ScheduledExecutorService inside = Executors.newScheduledThreadPool(2);

    /** Drives what happens to the service. */
    private final ScheduledExecutorService outside = Executors.newSingleThreadScheduledExecutor();

    private final Map<StreamId, Call> calls = new ConcurrentHashMap<>();
    private volatile CountDownLatch awake = new CountDownLatch(0);
    private volatile long lastTickNanos;
    private volatile long longestPauseNanos;

    /** A service without another provider. */
    Stage(int speed, Quirks quirks, long seed, DeepgramKeys keys) throws Exception {
        this(speed, quirks, seed, keys, null);
    }

    /** @param fallback who takes calls over, {@link #OTHER} or null */
    Stage(int speed, Quirks quirks, long seed, DeepgramKeys keys, @Nullable String fallback) throws Exception {
        time = new FastTime(speed);
        standIn = standIn(quirks, seed);
        otherStandIn = standIn(quirks, seed + 1);
        DeepgramProvider provider = provider(standIn, keys);
        DeepgramProvider other = provider(otherStandIn, DeepgramKeys.of("other-key"));
        providers = List.of(provider, other);
        AsrComponent component = time.component(() -> await(awake));
        component.addProvider(provider);
        component.addProvider(new Renamed(OTHER, other));
        component.setFallback(fallback);
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
        lastTickNanos = time.nanos().getAsLong();
        repeat(() -> tick(component), Duration.ZERO, time.tickInterval());
    }

    private DeepgramStandIn standIn(Quirks quirks, long seed) {
        return DeepgramStandIn.start(
                peersVertx,
                DeepgramStandIn.Config.standard()
                        .withQuirks(quirks)
                        .withSeed(seed)
                        .withNanoTime(time.nanos()));
    }

    private DeepgramProvider provider(DeepgramStandIn peer, DeepgramKeys keys) {
        return new DeepgramProvider(
                vertx,
                new SimpleMeterRegistry(),
                new DeepgramTransport(
                        peer.url(),
                        DeepgramTransport.DEFAULT_CONNECT_TIMEOUT,
                        time.real(DeepgramTransport.DEFAULT_KEEP_ALIVE_AFTER),
                        time.real(DeepgramTransport.DEFAULT_SEND_TIMEOUT),
                        time.real(DeepgramTransport.DEFAULT_DRAIN_TIMEOUT),
                        time.real(CoolDown.DEFAULT_FIRST),
                        time.real(CoolDown.DEFAULT_MOST)),
                DeepgramOptions.DEFAULTS,
                keys);
    }

    /** A provider under a name of its own. */
    private record Renamed(String name, RecogniserProvider provider) implements RecogniserProvider {

        @Override
        public RecogniserConnection open(RecogniserRequest request, RecogniserListener listener) {
            return provider.open(request, listener);
        }

        @Override
        public double maxPace() {
            return provider.maxPace();
        }

        @Override
        public boolean isNeverSilent() {
            return provider.isNeverSilent();
        }
    }

    private void tick(AsrComponent component) {
        long now = time.nanos().getAsLong();
        longestPauseNanos = Math.max(longestPauseNanos, now - lastTickNanos);
        lastTickNanos = now;
        FastTime.tick(component);
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

    /** The stand-in of {@link #OTHER}. */
    DeepgramStandIn otherStandIn() {
        return otherStandIn;
    }

    /** A call in which so many words are said, in a rhythm that the seed decides; it has yet to {@link #begin}. */
    Call call(int words, long seed) {
        // No two calls have a word in common.
        int firstWord = calls.values().stream()
                .mapToInt(call -> call.audio().words().size())
                .sum();
        StreamId stream = new StreamId("acme", "call-" + calls.size());
        Call call = new Call(stream, SpokenAudio.speak(RATE, firstWord, words, seed));
        calls.put(stream, call);
        return call;
    }

    /** Sends what a call has to say, beginning after a while. */
    void begin(Call call, Duration after) {
        repeat(
                () -> {
                    AudioMessage message = call.nextMessage();
                    if (message != null) {
                        toSessions.sendBody("direct:audio", message);
                    }
                },
                time.real(after),
                time.real(Duration.ofMillis(Call.WINDOW_MILLIS)));
    }

    /** Does something when so much of the fast time has passed. */
    void after(Duration fast, Runnable action) {
        note(outside.schedule(action, time.real(fast).toNanos(), TimeUnit.NANOSECONDS));
    }

    /**
     * Lets nothing on the service's side run for a while, as if its process were stopped: audio and messages wait in the
     * sockets and before the door, peers go on, and time passes. May be called once at a time.
     */
    void suspend(Duration fast) {
        CountDownLatch alarm = new CountDownLatch(1);
        awake = alarm;
        for (EventExecutor eventLoop : ((VertxInternal) vertx).getEventLoopGroup()) {
            eventLoop.execute(() -> await(alarm));
        }
        after(fast, alarm::countDown);
    }

    /** The longest time in which the service did nothing. */
    Duration longestPause() {
        return Duration.ofNanos(longestPauseNanos);
    }

    /** Waits until something is so. */
    void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(condition);
    }

    /** Waits until every call has ended. */
    void awaitEnds() {
        await(() -> calls.values().stream().allMatch(Call::isOver));
    }

    private void repeat(Runnable action, Duration delay, Duration interval) {
        note(inside.scheduleAtFixedRate(
                () -> {
                    await(awake);
                    action.run();
                },
                delay.toNanos(),
                interval.toNanos(),
                TimeUnit.NANOSECONDS));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is scheduled is only ever ended all together. */
    private static void note(Future<?> scheduled) {
        if (scheduled.isCancelled()) {
            throw new IllegalStateException("the stage is closed");
        }
    }

    @Override
    public void close() {
        outside.shutdownNow();
        awake.countDown();
        inside.shutdownNow();
        context.stop();
        providers.forEach(DeepgramProvider::close);
        standIn.close();
        otherStandIn.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        peersVertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
