package io.rtaa.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.bus.memory.MemoryBusComponent;
import io.rtaa.call.TranscriptEvent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.Test;

/** The bus inside one process, as bus/memory.yaml sets it, but with little room. */
class MemoryBusTest extends BusSinksTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Override
    protected String audio() {
        return "direct:audio?block=false";
    }

    @Override
    protected String transcripts() {
        return "memory-bus:transcripts?size=64";
    }

    @Override
    protected Map<String, Object> settings() {
        return Map.of("rtaa.bus.adapter", "memory", "rtaa.bus.transcripts", transcripts());
    }

    @Override
    protected void setUp(CamelContext context) {
        MemoryBusComponent component = new MemoryBusComponent();
        component.setMeterRegistry(meters);
        context.addComponent("memory-bus", component);
    }

    @Test
    void readersThatComeAndGoCostNobodyAnEvent() throws Exception {
        List<Speech> calls = IntStream.range(0, 4)
                .mapToObj(n -> new Speech("t", "busy-" + n))
                .toList();
        BusProcess process = process().readsTranscripts().start();

        CompletableFuture<Void> publishing = CompletableFuture.runAsync(
                () -> inParallel(calls, call -> events(call, 2000).forEach(process::publish)));
        int comings = 0;
        while (!publishing.isDone()) {
            String route = "passing-" + comings++;
            process.reads(route, TRANSCRIPTS, event -> {});
            process.context().getRouteController().stopRoute(route);
            process.context().removeRoute(route);
        }

        assertThat(publishing).succeedsWithin(PATIENCE);
        assertThat(comings).isPositive();
        for (Speech call : calls) {
            await(call.stream().toString())
                    .atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(process.seen(call.stream())).containsExactlyElementsOf(events(call, 2000)));
        }
    }

    @Test
    void aReaderThatComesDoesNotWaitForOneThatStandsStill() throws Exception {
        Speech call = new Speech("t", "still");
        CountDownLatch door = new CountDownLatch(1);
        List<TranscriptEvent> seen = new CopyOnWriteArrayList<>();
        BusProcess process = process().readsTranscripts(event -> pass(door)).start();
        try {
            process.publish(call.started(1));

            process.reads("newcomer", TRANSCRIPTS, seen::add);
            events(call, 20).stream().skip(1).forEach(process::publish);

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(seen)
                            .containsExactlyElementsOf(events(call, 20).subList(1, 22)));
        } finally {
            door.countDown();
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(process.seen()).containsExactlyElementsOf(events(call, 20)));
    }

    @Test
    void aReaderThatStandsStillLosesPartialsAndHoldsEverythingElseBack() {
        Speech call = new Speech("t", "full");
        CountDownLatch door = new CountDownLatch(1);
        List<TranscriptEvent> finals = IntStream.rangeClosed(1, 200)
                .<TranscriptEvent>mapToObj(n -> call.words(n + 100L, n, n))
                .toList();
        CountDownLatch atDoor = new CountDownLatch(1);
        BusProcess process = process()
                .readsTranscripts(event -> {
                    atDoor.countDown();
                    pass(door);
                })
                .start();
        MemoryBusComponent bus = process.context().getComponent("memory-bus", MemoryBusComponent.class);
        try {
            process.publish(call.partial(1, 1));
            pass(atDoor);
            for (int seq = 2; seq <= 100; seq++) {
                process.publish(call.partial(seq, 1));
            }
            assertThat(bus.note()).isNull();
            CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> finals.forEach(process::publish));

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(bus.note())
                            .isEqualTo("the route transcripts holds back all transcripts: 65 events wait for it"));
            assertThat(publishing).isNotDone();
            assertThat(bus.fault()).isNull();
            assertThat(waiting("transcripts")).isEqualTo(32);
            assertThat(waiting("partials")).isEqualTo(33);
            assertThat(meters.get("rtaa.bus.lag")
                            .tag("group", "transcripts")
                            .gauge()
                            .value())
                    .isPositive();
            assertThat(count("rtaa.bus.dropped", "partials")).isEqualTo(67);
            await().atMost(PATIENCE).until(() -> count("rtaa.bus.publish.retries", "transcripts") > 0);
            assertThat(meters.get("rtaa.bus.errors")
                            .tags("topic", "transcripts", "doing", "publish", "cause", "full")
                            .counter()
                            .count())
                    .isPositive();
            door.countDown();

            assertThat(publishing).succeedsWithin(PATIENCE);
        } finally {
            door.countDown();
        }
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(process.seen()).hasSize(33 + 200).endsWith(finals.toArray(TranscriptEvent[]::new)));
        assertThat(bus.note()).isNull();
    }

    @Test
    void aStopDeliversWhatWasPublishedBefore() {
        Speech call = new Speech("t", "stopping");
        CountDownLatch door = new CountDownLatch(1);
        List<TranscriptEvent> sink = new CopyOnWriteArrayList<>();
        BusProcess process = process()
                .readsTranscripts(event -> pass(door))
                .reads("crm", sink("crm"), event -> {
                    pass(door);
                    sink.add(event);
                })
                .start();
        events(call, 30).forEach(process::publish);

        CompletableFuture<Void> stopping = CompletableFuture.runAsync(process::close);
        await().atMost(PATIENCE).until(() -> process.context().isStopping());
        door.countDown();

        assertThat(stopping).succeedsWithin(PATIENCE);
        assertThat(process.seen()).containsExactlyElementsOf(events(call, 30));
        assertThat(sink).containsExactlyElementsOf(events(call, 30));
    }

    @Test
    void whatASinkGetsIsCountedUnderItsName() {
        Speech call = new Speech("t", "counted");
        AtomicInteger failures = new AtomicInteger();
        BusProcess process = process()
                .reads("to-crm", sink("crm"), event -> {
                    if (event.seq() == 2 && failures.incrementAndGet() <= 2) {
                        throw new IllegalStateException("the CRM is away");
                    }
                })
                .start();

        events(call, 3).forEach(process::publish);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(meters.get("rtaa.bus.consumed")
                                .tags("topic", "transcripts", "group", "sink.crm")
                                .counter()
                                .count())
                        .isEqualTo(5));
        assertThat(count("rtaa.bus.consume.retries", "transcripts")).isEqualTo(2);
        assertThat(meters.get("rtaa.bus.publish")
                        .tag("topic", "transcripts")
                        .timer()
                        .count())
                .isEqualTo(5);
    }

    private double waiting(String topic) {
        return meters.get("rtaa.bus.lag.entries")
                .tags("topic", topic, "group", "transcripts")
                .gauge()
                .value();
    }

    private double count(String name, String topic) {
        return meters.get(name).tag("topic", topic).counter().count();
    }

    @Test
    void anErrorInARouteDoesNotEndItsReader() {
        Speech call = new Speech("t", "error");
        BusProcess process = process()
                .readsTranscripts(event -> {
                    if (event.seq() == 2) {
                        throw new StackOverflowError("in a step");
                    }
                })
                .start();

        events(call, 3).forEach(process::publish);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(process.seen())
                        .containsExactly(call.started(1), call.words(3, 2, 2), call.words(4, 3, 3), call.ended(5, 3)));
    }
}
