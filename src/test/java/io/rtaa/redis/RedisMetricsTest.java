package io.rtaa.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.bus.BusProcess;
import io.rtaa.bus.Speech;
import io.rtaa.call.AudioReceipt;
import io.rtaa.testsupport.MetricsTables;
import io.rtaa.testsupport.MetricsTables.Shape;
import io.rtaa.wire.TranscriptJson;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What is measured on this bus, once everything that can happen has happened. */
class RedisMetricsTest extends RedisFixture {

    private static final String SINK = "redis-streams:transcripts?sink=crm&leaseTime=1s&block=50ms&retryDelay=50ms";

    @Test
    void everyMetricIsDocumentedAndEveryDocumentedOneIsThere() {
        Speech call = new Speech("t", "measured");
        AtomicBoolean sinkFails = new AtomicBoolean(true);
        Worker first = started(
                worker(),
                process -> process.hearsAudio().readsTranscripts().reads("crm", SINK, event -> {
                    if (sinkFails.getAndSet(false)) {
                        throw new IllegalStateException("the CRM is away");
                    }
                }));
        first.process.send(call.start());
        first.process.send(call.window(1));
        await().atMost(PATIENCE).until(() -> first.process.heard(call.stream()).size() == 2);
        first.process.publish(call.started(1), first.process.heard().get(0));
        first.process.publish(call.started(1));
        commands.del(keys.call(call.stream()));
        first.process.publish(call.partial(2, 1));
        int partition = keys.partitionOf(call.stream());
        commands.xadd(keys.log("audio", partition), Map.of("a", "rubbish"));
        commands.xadd(keys.partials(partition), Map.of("e", "rubbish"));
        commands.xadd(keys.partials(partition), Map.of("e", TranscriptJson.write(call.partial(1, 1))));
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(first.count("rtaa.bus.unreadable", "audio")).isEqualTo(1);
            assertThat(first.count("rtaa.bus.unreadable", "partials")).isEqualTo(1);
            assertThat(first.count("rtaa.bus.dropped", "partials")).isPositive();
            assertThat(first.count("rtaa.bus.consume.retries", "transcripts")).isEqualTo(1);
        });

        first.wire.cut();
        await().atMost(PATIENCE)
                .until(() -> first.meters.get("rtaa.bus.up").gauge().value() == 0);
        AudioReceipt receipt = first.process.heard(call.stream()).get(1).receipt();
        CompletableFuture<Void> late = CompletableFuture.runAsync(
                () -> first.process.publish(call.words(2, 1, 1), receipt.origin(), List.of(receipt)));
        Worker second = started(worker(), BusProcess::hearsAudio);
        await().atMost(PATIENCE)
                .until(() -> !second.process.heard(call.stream()).isEmpty());
        first.wire.mend();
        assertThat(late).succeedsWithin(PATIENCE);

        Map<String, Shape> measured = new TreeMap<>(MetricsTables.exposedOfBus(first.meters.scrape()));
        measured.putAll(MetricsTables.exposedOfBus(second.meters.scrape()));
        assertThat(measured).isEqualTo(MetricsTables.documentedOfBus("Redis"));
        assertThat(first.count("rtaa.bus.repeats")).isEqualTo(1);
        assertThat(first.count("rtaa.bus.fenced")).isPositive();
        assertThat(first.count("rtaa.bus.publish.retries")).isPositive();
        assertThat(first.count("rtaa.bus.errors")).isPositive();
        assertThat(second.count("rtaa.bus.calls.reclaimed")).isEqualTo(1);
        assertThat(first.count("rtaa.bus.calls.restored")).isEqualTo(1);
    }

    /** A sink's lag is no number of entries: its log is kept for hours. */
    @Test
    void theLagIsTheAgeOfTheOldestMessageThatIsNotAcknowledged() {
        Speech call = new Speech("t", "late");
        AtomicBoolean away = new AtomicBoolean(true);
        Worker worker = started(
                worker(),
                process -> process.hearsAudio().reads("crm", SINK, event -> {
                    if (away.get()) {
                        throw new UncheckedIOException(new ConnectException("the CRM is away"));
                    }
                }));
        worker.process.send(call.start());
        worker.process.send(call.window(1));
        await().atMost(PATIENCE).until(() -> worker.process.heard(call.stream()).size() == 2);
        worker.process.publish(call.started(1), worker.process.heard().get(0));

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(worker.gauge("rtaa.bus.lag", "audio")).isGreaterThan(1);
            assertThat(worker.gauge("rtaa.bus.lag", "transcripts")).isGreaterThan(1);
            assertThat(worker.gauge("rtaa.bus.lag.entries", "audio")).isEqualTo(1);
        });
        assertThat(worker.meters.find("rtaa.bus.lag.entries").gauges()).hasSize(1);
        worker.wire.cut();
        double lag = worker.gauge("rtaa.bus.lag", "audio");
        await().atMost(PATIENCE).until(() -> worker.gauge("rtaa.bus.lag", "audio") > lag + 5);
        worker.wire.mend();
        away.set(false);
        worker.process.publish(
                call.words(2, 1, 1), worker.process.heard(call.stream()).get(1));

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(worker.gauge("rtaa.bus.lag", "audio")).isZero();
            assertThat(worker.gauge("rtaa.bus.lag", "transcripts")).isZero();
            assertThat(worker.gauge("rtaa.bus.lag.entries", "audio")).isZero();
        });
    }

    @Test
    void aRouteThatStopsIsNotMeasuredAnyLonger() throws Exception {
        Worker worker = started(worker(), process -> process.hearsAudio());
        await().atMost(PATIENCE).until(() -> worker.gauge("rtaa.bus.partitions.owned", "audio") == PARTITIONS);

        worker.process.context().getRouteController().stopRoute("audio");
        assertThat(worker.meters.find("rtaa.bus.partitions.owned").gauges()).isEmpty();
        worker.process.context().getRouteController().startRoute("audio");

        await().atMost(PATIENCE).until(() -> worker.gauge("rtaa.bus.partitions.owned", "audio") == PARTITIONS);
    }
}
