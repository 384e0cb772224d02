package io.rtaa.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallNote;
import io.rtaa.call.EndReason;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.Alert;
import io.rtaa.call.TranscriptEvent.CallErased;
import io.rtaa.call.TranscriptEvent.Partial;
import io.rtaa.testsupport.ConcurrentTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterEach;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertyResolver;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;

/** What every bus keeps to, whatever carries it. A bus's own test names its addresses and what they need. */
public abstract class BusTest {

    /** Ample for a busy machine; nothing here is about speed. */
    protected static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The placeholder of a route that reads every event. */
    protected static final String TRANSCRIPTS = "{{rtaa.bus.transcripts}}";

    private final List<BusProcess> processes = new ArrayList<>();

    /** The address audio travels by. */
    protected abstract String audio();

    /** The address transcript events travel by. */
    protected abstract String transcripts();

    /** The settings that choose this bus, beside the service's defaults. */
    protected abstract Map<String, Object> settings();

    /** Binds what the addresses need: a component set to the test's broker, say. */
    protected abstract void setUp(CamelContext context);

    /** Another process on the same bus, closed after the test; it is to be told what it reads, and started. */
    protected final BusProcess process() {
        BusProcess process = new BusProcess(audio(), transcripts(), this::setUp).placeholders(shippedSettings());
        processes.add(process);
        return process;
    }

    /** What the placeholders of a route are in the service, with the shipped file of this bus. */
    private PropertyResolver shippedSettings() {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", settings()));
        for (String file : List.of("application.yaml", "bus/" + settings().get("rtaa.bus.adapter") + ".yaml")) {
            try {
                new YamlPropertySourceLoader()
                        .load(file, new ClassPathResource(file))
                        .forEach(environment.getPropertySources()::addLast);
            } catch (IOException e) {
                throw new UncheckedIOException(file, e);
            }
        }
        return environment;
    }

    @AfterEach
    protected void closeProcesses() {
        processes.forEach(BusProcess::close);
    }

    @ConcurrentTest
    void everyMessageOfACallArrivesWholeAndInOrder() {
        List<Speech> calls = IntStream.range(0, 12)
                .mapToObj(i -> new Speech("t" + i % 3, "call-" + i))
                .toList();
        BusProcess process = process().hearsAudio().start();

        inParallel(calls, call -> call.whole(40).forEach(process::send));

        for (Speech call : calls) {
            List<AudioMessage> sent = call.whole(40);
            await(call.stream().toString())
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(numbers(process, call.stream()))
                            .containsExactlyElementsOf(
                                    LongStream.range(0, sent.size()).boxed().toList()));
            List<AudioMessage> heard = messages(process, call.stream());
            assertThat(heard.get(0)).isEqualTo(call.start());
            for (int n = 1; n <= 40; n++) {
                assertThat(((AudioWindow) heard.get(n)).pcm())
                        .isEqualTo(call.window(n).pcm());
            }
            assertThat(heard.get(41)).isEqualTo(call.end(40));
        }
    }

    @ConcurrentTest
    void aNoteArrivesInItsPlaceAmongTheAudio() {
        Speech call = new Speech("t", "noted");
        CallNote note = new CallNote(
                call.stream(),
                2,
                call.window(1).endSample(),
                call.window(1).sampleRate(),
                false,
                "some audio is dropped",
                call.window(1).leg());
        BusProcess process = process().hearsAudio().start();
        process.send(call.start());
        process.send(call.window(1));
        process.send(note);
        process.send(new CallEnd(call.stream(), 3, note.sample(), EndReason.REFUSED, 0));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(numbers(process, call.stream())).containsExactly(0L, 1L, 2L, 3L));
        assertThat(messages(process, call.stream()).get(2)).isEqualTo(note);
        assertThat(messages(process, call.stream()).get(3))
                .isEqualTo(new CallEnd(call.stream(), 3, note.sample(), EndReason.REFUSED, 0));
    }

    @ConcurrentTest
    void transcriptsOfManyCallsAreReadInOrderAndNoneIsMissing() {
        List<Speech> calls = IntStream.range(0, 12)
                .mapToObj(i -> new Speech("t" + i % 3, "call-" + i))
                .toList();
        BusProcess process = process().readsTranscripts().start();

        inParallel(calls, call -> events(call, 30).forEach(process::publish));

        for (Speech call : calls) {
            await(call.stream().toString())
                    .atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(process.seen(call.stream())).containsExactlyElementsOf(events(call, 30)));
        }
    }

    @ConcurrentTest
    void callsOfTheSameIdInTwoTenantsAreTwoCalls() {
        Speech ours = new Speech("ours", "same");
        Speech theirs = new Speech("theirs", "same");
        BusProcess process = process().hearsAudio().readsTranscripts().start();

        process.send(ours.start());
        process.send(theirs.start());
        process.send(ours.window(1));
        await().atMost(PATIENCE).until(() -> process.heard().size() == 3);
        process.publish(theirs.started(1));
        process.publish(ours.started(1));

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(messages(process, theirs.stream())).containsExactly(theirs.start());
            assertThat(numbers(process, ours.stream())).containsExactly(0L, 1L);
            assertThat(process.seen(ours.stream())).containsExactly(ours.started(1));
            assertThat(process.seen(theirs.stream())).containsExactly(theirs.started(1));
        });
    }

    @ConcurrentTest
    void anErasureReachesDashboardsAndSinksBehindAllThatWasSaid() {
        Speech call = new Speech("t", "erased");
        List<TranscriptEvent> events = new ArrayList<>(events(call, 3));
        CallErased erasure = new CallErased(
                call.stream(), 6, System.currentTimeMillis(), events.get(4).timestampMillis());
        List<TranscriptEvent> sunk = new CopyOnWriteArrayList<>();
        BusProcess process = process()
                .readsTranscripts()
                .reads("erased-sink", "{{rtaa.bus.sink:erased}}", event -> {
                    if (event.stream().equals(call.stream())) {
                        sunk.add(event);
                    }
                })
                .start();
        events.forEach(process::publish);
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(process.seen(call.stream())).containsExactlyElementsOf(events);
            assertThat(sunk).containsExactlyElementsOf(events);
        });

        process.publish(erasure);

        events.add(erasure);
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(process.seen(call.stream())).containsExactlyElementsOf(events);
            assertThat(sunk).containsExactlyElementsOf(events);
        });
    }

    @ConcurrentTest
    void aCallThatCannotBeHandledDoesNotHurtAnother() {
        Speech bad = new Speech("t", "bad");
        Speech good = new Speech("t", "good");
        BusProcess process = process()
                .hearsAudio(message -> {
                    if (message.stream().equals(bad.stream())) {
                        throw new IllegalStateException("this call is bad");
                    }
                })
                .start();

        process.sendInVain(bad.start());
        process.send(good.start());
        for (int n = 1; n <= 10; n++) {
            process.sendInVain(bad.window(n));
            process.send(good.window(n));
        }

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(numbers(process, good.stream()))
                        .containsExactlyElementsOf(
                                LongStream.rangeClosed(0, 10).boxed().toList()));
    }

    @ConcurrentTest
    void nothingFollowsTheEndOfACall() {
        Speech call = new Speech("t", "short");
        BusProcess process = process().hearsAudio().readsTranscripts().start();

        call.whole(3).forEach(process::send);
        await().atMost(PATIENCE).until(() -> process.heard().size() == 5);
        events(call, 3).forEach(process::publish);

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(messages(process, call.stream())).last().isEqualTo(call.end(3));
            assertThat(process.seen(call.stream())).last().isEqualTo(call.ended(5, 3));
        });
        assertThat(process.heard(call.stream())).hasSize(5);
        assertThat(process.seen(call.stream())).hasSize(5);
    }

    @ConcurrentTest
    void aReaderThatIsHeldUpGetsEverythingInOrderLater() {
        Speech call = new Speech("t", "slow");
        CountDownLatch door = new CountDownLatch(1);
        CountDownLatch atTheDoor = new CountDownLatch(1);
        BusProcess process = process()
                .readsTranscripts(event -> {
                    atTheDoor.countDown();
                    pass(door);
                })
                .start();

        CompletableFuture<Void> publishing =
                CompletableFuture.runAsync(() -> events(call, 600).forEach(process::publish));
        pass(atTheDoor);
        door.countDown();

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(process.seen(call.stream())).containsExactlyElementsOf(events(call, 600)));
        assertThat(publishing).succeedsWithin(PATIENCE);
    }

    @ConcurrentTest
    void anyNumberOfRoutesOfAProcessEachReadEveryEvent() {
        Speech call = new Speech("t", "several");
        Map<String, List<TranscriptEvent>> seen = new ConcurrentHashMap<>();
        BusProcess process = process();
        for (String route : List.of("one", "two", "three")) {
            seen.put(route, new CopyOnWriteArrayList<>());
            process.reads(route, TRANSCRIPTS, seen.get(route)::add);
        }
        seen.put("dashboard", new CopyOnWriteArrayList<>());
        process.reads("dashboard", "{{rtaa.bus.dashboard}}", seen.get("dashboard")::add);
        process.start();

        events(call, 30).forEach(process::publish);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(seen.values())
                        .hasSize(4)
                        .allSatisfy(events -> assertThat(events).containsExactlyElementsOf(events(call, 30))));
    }

    @ConcurrentTest
    void aRouteReadsPartialsToo() {
        Speech call = new Speech("t", "partials");
        List<TranscriptEvent> seen = new CopyOnWriteArrayList<>();
        BusProcess process = process().reads("reader", TRANSCRIPTS, seen::add).start();
        process.publish(call.started(1));
        AtomicLong seq = new AtomicLong(1);

        // Those of the first moments may come before the start of their call is read, and are dropped then.
        await().atMost(PATIENCE).until(() -> {
            process.publish(call.partial(seq.incrementAndGet(), 1));
            return seen.stream().anyMatch(Partial.class::isInstance);
        });
    }

    @ConcurrentTest
    void anAlertReachesAllWhoReadAlongInEveryProcessAndNoSink() {
        Speech call = new Speech("t", "alert");
        Alert alert = new Alert(call.stream(), 2, System.currentTimeMillis(), "complaint");
        List<TranscriptEvent> dashboard = new CopyOnWriteArrayList<>();
        List<TranscriptEvent> sunk = new CopyOnWriteArrayList<>();
        BusProcess process = process()
                .readsTranscripts()
                .reads("alert-dashboard", "{{rtaa.bus.dashboard}}", dashboard::add)
                .reads("alert-sink", "{{rtaa.bus.sink:alert}}", event -> {
                    if (event.stream().equals(call.stream())) {
                        sunk.add(event);
                    }
                })
                .start();
        process.publish(call.started(1));
        process.publish(call.words(2, 1, 1));

        process.publish(alert);

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(process.seen(call.stream()))
                    .containsExactlyInAnyOrder(call.started(1), call.words(2, 1, 1), alert);
            assertThat(dashboard).contains(alert);
        });
        process.publish(call.words(3, 2, 2));
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(process.seen(call.stream())).contains(call.words(3, 2, 2));
            assertThat(sunk).containsExactly(call.started(1), call.words(2, 1, 1), call.words(3, 2, 2));
        });
    }

    /** A start, so many finals of a word each, an end. */
    protected static List<TranscriptEvent> events(Speech call, int finals) {
        List<TranscriptEvent> events = new ArrayList<>(List.of(call.started(1)));
        for (int n = 1; n <= finals; n++) {
            events.add(call.words(n + 1L, n, n));
        }
        events.add(call.ended(finals + 2L, finals));
        return events;
    }

    protected static List<AudioMessage> messages(BusProcess process, StreamId stream) {
        return process.heard(stream).stream().map(BusProcess.Heard::message).toList();
    }

    protected static List<Long> numbers(BusProcess process, StreamId stream) {
        return messages(process, stream).stream().map(AudioMessage::number).toList();
    }

    /** Each call on a thread of its own, all at the same time. */
    protected static void inParallel(List<Speech> calls, Consumer<Speech> task) {
        List<Thread> threads =
                calls.stream().map(call -> new Thread(() -> task.accept(call))).toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            try {
                thread.join(PATIENCE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    /** Waits until a door is open. */
    protected static void pass(CountDownLatch door) {
        try {
            door.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
