package io.rtaa.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.rtaa.bus.BusProcess;
import io.rtaa.bus.Speech;
import io.rtaa.testsupport.MetricsTables;
import io.rtaa.testsupport.MetricsTables.Shape;
import io.rtaa.testsupport.cluster.KafkaProcess;
import io.rtaa.wire.TranscriptJson;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is measured on this bus, once everything that can happen has happened. Each test has topics of its own. */
class KafkaMetricsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PARTITIONS = 4;
    private static final AtomicInteger TESTS = new AtomicInteger();

    @TempDir
    static Path directory;

    private static KafkaProcess kafka;

    private final String prefix = "measured" + TESTS.incrementAndGet();
    private final List<Worker> workers = new ArrayList<>();

    /** A process with meters of its own. */
    private final class Worker {
        private final PrometheusMeterRegistry meters =
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT).throwExceptionOnRegistrationFailure();
        private final BusProcess process = new BusProcess(
                "kafka:" + prefix + "-audio?groupId=" + prefix + "&heartbeatIntervalMs=1000&pollTimeoutMs=100"
                        + "&requestTimeoutMs=500&deliveryTimeoutMs=1000",
                "kafka:" + prefix + "-transcripts?pollTimeoutMs=100&requestTimeoutMs=500&deliveryTimeoutMs=1000",
                context -> {
                    KafkaBusComponent component = new KafkaBusComponent(new KafkaBus(options(), meters));
                    component.getConfiguration().setBrokers(brokers());
                    context.addComponent("kafka", component);
                });

        Worker() {
            workers.add(this);
        }

        double count(String name, String topic) {
            return meters.find(name).tag("topic", topic).counters().stream()
                    .mapToDouble(counter -> counter.count())
                    .sum();
        }

        double gauge(String name, String topic) {
            return meters.get(name).tag("topic", topic).gauge().value();
        }

        double up() {
            return meters.get("rtaa.bus.up").gauge().value();
        }
    }

    @BeforeAll
    static void startKafka() {
        kafka = new KafkaProcess(directory.resolve("kafka"));
        kafka.start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @AfterEach
    void closeWorkers() {
        workers.forEach(worker -> worker.process.close());
    }

    @Test
    void everyMetricIsDocumentedAndEveryDocumentedOneIsThere() {
        Speech call = new Speech("t", "measured");
        AtomicBoolean sinkFails = new AtomicBoolean(true);
        Worker first = new Worker();
        first.process
                .hearsAudio()
                .readsTranscripts()
                .reads("crm", sink(), event -> {
                    if (sinkFails.getAndSet(false)) {
                        throw new IllegalStateException("the CRM is away");
                    }
                })
                .start();
        first.process.send(call.start());
        first.process.send(call.window(1));
        await().atMost(PATIENCE).until(() -> first.process.heard(call.stream()).size() == 2);
        first.process.publish(call.started(1), first.process.heard().get(0));
        first.process.publish(call.started(1));
        first.process.publish(new Speech("t", "unknown").partial(1, 1));
        int partition = StreamPartition.of(StreamPartition.key(call.stream()), PARTITIONS);
        sendRubbish(partition);
        sendOfALostPartition((partition + 1) % PARTITIONS);
        await().atMost(PATIENCE).untilAsserted(() -> {
            // A reader of everything and a sink.
            assertThat(first.count("rtaa.bus.repeats", "transcripts")).isEqualTo(2);
            assertThat(first.count("rtaa.bus.fenced", "transcripts")).isEqualTo(2);
            assertThat(first.count("rtaa.bus.unreadable", "transcripts")).isPositive();
            assertThat(first.count("rtaa.bus.unreadable", "audio")).isEqualTo(1);
            assertThat(first.count("rtaa.bus.dropped", "partials")).isEqualTo(1);
            assertThat(first.count("rtaa.bus.consume.retries", "transcripts")).isEqualTo(1);
            assertThat(first.count("rtaa.bus.consumed", "audio")).isEqualTo(2);
            assertThat(first.gauge("rtaa.bus.workers", "audio")).isEqualTo(1);
        });

        kafka.wire().cut();
        CompletableFuture<Void> late = CompletableFuture.runAsync(() -> first.process.publish(call.words(2, 1, 1)));
        await().atMost(PATIENCE).until(() -> first.up() == 0);
        await().atMost(PATIENCE).until(() -> first.count("rtaa.bus.publish.retries", "transcripts") > 0);
        kafka.wire().mend();
        assertThat(late).succeedsWithin(PATIENCE);
        await().atMost(PATIENCE).until(() -> first.up() == 1);
        assertThat(first.meters
                        .get("rtaa.bus.errors")
                        .tags("topic", "transcripts", "doing", "publish", "cause", "no_answer")
                        .counter()
                        .count())
                .isPositive();
        Map<String, Shape> measured = new TreeMap<>(MetricsTables.exposedOfBus(first.meters.scrape()));

        first.process.close();
        Worker second = new Worker();
        second.process.hearsAudio().start();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(second.count("rtaa.bus.calls.reclaimed", "audio"))
                        .isEqualTo(1));

        measured.putAll(MetricsTables.exposedOfBus(second.meters.scrape()));
        assertThat(measured).isEqualTo(MetricsTables.documentedOfBus("Kafka"));
    }

    @Test
    void aSinkThatIsBehindIsMeasuredAsAudioIs() {
        Speech call = new Speech("t", "late");
        AtomicBoolean away = new AtomicBoolean(true);
        Worker worker = new Worker();
        worker.process
                .hearsAudio()
                .reads("crm", sink(), event -> {
                    if (away.get()) {
                        throw new UncheckedIOException(new ConnectException("the CRM is away"));
                    }
                })
                .start();
        worker.process.send(call.start());
        worker.process.send(call.window(1));
        await().atMost(PATIENCE).until(() -> worker.process.heard(call.stream()).size() == 2);
        worker.process.publish(call.started(1), worker.process.heard().get(0));

        await().atMost(PATIENCE).untilAsserted(() -> {
            for (String topic : List.of("audio", "transcripts")) {
                assertThat(worker.gauge("rtaa.bus.lag", topic)).as(topic).isGreaterThan(1);
                assertThat(worker.gauge("rtaa.bus.lag.entries", topic))
                        .as(topic)
                        .isPositive();
                assertThat(worker.gauge("rtaa.bus.partitions.owned", topic))
                        .as(topic)
                        .isEqualTo(PARTITIONS);
                assertThat(worker.gauge("rtaa.bus.partitions.unowned", topic))
                        .as(topic)
                        .isZero();
            }
        });
        away.set(false);
        worker.process.publish(
                call.words(2, 1, 1), worker.process.heard(call.stream()).get(1));

        await().atMost(PATIENCE).untilAsserted(() -> {
            for (String topic : List.of("audio", "transcripts")) {
                assertThat(worker.gauge("rtaa.bus.lag", topic)).as(topic).isZero();
                assertThat(worker.gauge("rtaa.bus.lag.entries", topic))
                        .as(topic)
                        .isZero();
            }
        });
    }

    /** What no version of this service wrote. */
    private void sendRubbish(int partition) {
        byte[] rubbish = "rubbish".getBytes(StandardCharsets.UTF_8);
        send(new ProducerRecord<>(prefix + "-audio", partition, null, rubbish));
        send(new ProducerRecord<>(prefix + "-transcripts", partition, null, rubbish));
    }

    /** An event of a worker whose partition another one has taken over. */
    private void sendOfALostPartition(int partition) {
        ProducerRecord<byte[], byte[]> takeOver =
                new ProducerRecord<>(prefix + "-transcripts", partition, null, new byte[0]);
        takeOver.headers().add(BusHeaders.TAKE_OVER, BusHeaders.bytes(1_000_000));
        send(takeOver);
        ProducerRecord<byte[], byte[]> event = new ProducerRecord<>(
                prefix + "-transcripts",
                partition,
                null,
                TranscriptJson.write(new Speech("t", "lost").started(1)).getBytes(StandardCharsets.UTF_8));
        event.headers().add(BusHeaders.EPOCH, BusHeaders.bytes(5));
        send(event);
    }

    private static void send(ProducerRecord<byte[], byte[]> record) {
        try (KafkaProducer<byte[], byte[]> outsider = new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers()), new ByteArraySerializer(), new ByteArraySerializer())) {
            assertThat(outsider.send(record)).succeedsWithin(PATIENCE);
        }
    }

    private KafkaBusOptions options() {
        return new KafkaBusOptions(
                prefix + "-audio",
                prefix + "-transcripts",
                prefix + "-partials",
                PARTITIONS,
                0,
                true,
                Duration.ofHours(1),
                Duration.ofHours(24),
                Duration.ofMinutes(70),
                Duration.ofHours(2));
    }

    private String sink() {
        return "kafka:" + prefix + "-transcripts?sink=crm&heartbeatIntervalMs=1000&pollTimeoutMs=100";
    }

    private static String brokers() {
        return "127.0.0.1:" + kafka.wire().port();
    }
}
