package io.rtaa.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.call.AudioMessage;
import io.rtaa.call.CallRelease;
import io.rtaa.call.CallResume;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.kafka.KafkaBus;
import io.rtaa.kafka.KafkaBusComponent;
import io.rtaa.kafka.KafkaBusOptions;
import io.rtaa.testsupport.ConcurrentTest;
import io.rtaa.testsupport.cluster.Broker;
import io.rtaa.testsupport.cluster.KafkaProcess;
import io.rtaa.wire.TranscriptJson;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The bus on Kafka, as bus/kafka.yaml sets it, but with few partitions; each test has topics of its own. */
class KafkaBusTest extends BrokerBusTest {

    private static final AtomicInteger TESTS = new AtomicInteger();

    @TempDir
    static Path directory;

    private static KafkaProcess kafka;

    private final String prefix = "test" + TESTS.incrementAndGet();

    /** What a test sets on top, before its first process. */
    private String audioOptions = "";

    @BeforeAll
    static void startKafka() {
        kafka = new KafkaProcess(directory.resolve("kafka"));
        kafka.start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @Override
    protected Broker sharedBroker() {
        return kafka;
    }

    @Override
    protected Broker newBroker(Path directory) {
        return new KafkaProcess(directory);
    }

    @Override
    protected String audio() {
        return "kafka:" + prefix + "-audio?groupId=" + prefix
                + "&sessionTimeoutMs=6000&heartbeatIntervalMs=1000&pollTimeoutMs=100"
                + "&requestTimeoutMs=4000&deliveryTimeoutMs=8000" + audioOptions;
    }

    @Override
    protected String transcripts() {
        return "kafka:" + prefix + "-transcripts?pollTimeoutMs=100&requestTimeoutMs=4000&deliveryTimeoutMs=8000";
    }

    @Override
    protected Map<String, Object> settings() {
        return Map.of("rtaa.bus.adapter", "kafka", "rtaa.kafka.transcripts-topic", prefix + "-transcripts");
    }

    @Override
    protected void setUp(CamelContext context) {
        KafkaBusComponent component = new KafkaBusComponent(new KafkaBus(
                new KafkaBusOptions(
                        prefix + "-audio",
                        prefix + "-transcripts",
                        prefix + "-partials",
                        4,
                        0,
                        true,
                        Duration.ofHours(1),
                        Duration.ofHours(24),
                        Duration.ofMinutes(70),
                        Duration.ofHours(2)),
                new SimpleMeterRegistry()));
        component.getConfiguration().setBrokers(brokers());
        context.addComponent("kafka", component);
    }

    @ConcurrentTest
    void whatAStoppedWorkerSaysOfCallsThatWereTakenOverIsNotHeeded() throws InterruptedException {
        Speech call = new Speech("t", "taken-over");
        CountDownLatch woken = new CountDownLatch(1);
        audioOptions = "&maxPollIntervalMs=6000";
        BusProcess ingest = process().readsTranscripts().start();
        BusProcess stopped =
                process().hearsAudio(message -> stopAt(10, message, woken)).start();
        try {
            call.whole(10).subList(0, 11).forEach(ingest::send);
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(stopped.heard(call.stream())).hasSize(11));
            List<BusProcess.Heard> heard = stopped.heard(call.stream());
            stopped.publish(call.started(1), heard.get(0));
            stopped.publish(call.words(2, 1, 5), heard.subList(1, 6).toArray(new BusProcess.Heard[0]));

            BusProcess owner = process().hearsAudio().start();
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(numbers(owner, call.stream())).contains(10L));
            BusProcess.Heard taken = owner.heard(call.stream()).get(0);
            assertThat(taken.message()).isInstanceOfSatisfying(CallResume.class, resume -> {
                assertThat(resume.lastSeq()).isEqualTo(2);
                assertThat(resume.published()).isEqualTo(call.words(2, 1, 5).words());
            });
            stopped.publish(call.words(3, 6, 10), heard.get(6));
            owner.publish(call.words(4, 6, 10), taken);
            owner.publish(call.ended(5, 10), taken);

            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(ingest.seen(call.stream())).last().isEqualTo(call.ended(5, 10)));
            assertThat(ingest.seen(call.stream()))
                    .containsExactly(call.started(1), call.words(2, 1, 5), call.words(4, 6, 10), call.ended(5, 10));
        } finally {
            woken.countDown();
        }
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(messages(stopped, call.stream())).contains(new CallRelease(call.stream())));
    }

    @ConcurrentTest
    void audioOfACallWhoseEndIsPublishedIsSettledUnheard() {
        Speech call = new Speech("t", "over");
        BusProcess ingest = process().start();
        BusProcess first = process().hearsAudio().start();
        call.whole(5).forEach(ingest::send);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(first.heard(call.stream())).hasSize(7));
        BusProcess.Heard start = first.heard(call.stream()).get(0);
        first.publish(call.started(1), start.receipt().origin(), List.of());
        first.publish(call.ended(2, 5), start.receipt().origin(), List.of());
        first.close();

        Speech next = new Speech("t", "next");
        BusProcess second = process().hearsAudio().start();
        IntStream.range(0, 20).mapToObj(n -> new Speech("t", "next" + n)).forEach(other -> ingest.send(other.start()));
        ingest.send(next.start());

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(second.heard()).hasSize(21));
        assertThat(second.heard(call.stream())).isEmpty();
    }

    @ConcurrentTest
    void aCallOfWhichNothingIsLeftInTheLogFindsAnOwner() {
        Speech call = new Speech("t", "silent");
        BusProcess ingest = process().start();
        BusProcess first = process().hearsAudio().start();
        ingest.send(call.start());
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(first.heard(call.stream())).hasSize(1));
        first.publish(call.started(1), first.heard(call.stream()).get(0));
        first.close();

        BusProcess second = process().hearsAudio().start();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(messages(second, call.stream()))
                        .singleElement()
                        .isInstanceOfSatisfying(
                                CallResume.class,
                                resume -> assertThat(resume.info())
                                        .isEqualTo(call.start().info())));
    }

    @ConcurrentTest
    void aGroupGoesOnWhereItWas() {
        Speech call = new Speech("t", "sink");
        String sink = transcripts() + "&groupId=" + prefix + "-sink&autoOffsetReset=earliest";
        List<TranscriptEvent> events = events(call, 8);
        BusProcess worker = process().start();
        events.subList(0, 5).forEach(worker::publish);
        BusProcess before = process().readsTranscripts(sink, event -> {}).start();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(before.seen(call.stream())).hasSize(5));
        before.close();
        worker.publish(events.get(4));
        events.subList(5, 10).forEach(worker::publish);

        BusProcess after = process().readsTranscripts(sink, event -> {}).start();

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(after.seen(call.stream())).last().isEqualTo(events.get(9)));
        assertThat(after.seen(call.stream())).containsExactlyElementsOf(events.subList(5, 10));
    }

    @ConcurrentTest
    void anEventWhoseSinkIsAwayIsOfferedToItsGroupWithoutEnd() {
        Speech call = new Speech("t", "sink-away");
        String sink = transcripts() + "&groupId=" + prefix + "-sink&autoOffsetReset=earliest";
        AtomicInteger offers = new AtomicInteger();
        List<TranscriptEvent> events = events(call, 3);
        BusProcess reader = process().readsTranscripts(sink, event -> {
            if (event.equals(events.get(1)) && offers.incrementAndGet() <= 7) {
                throw new UncheckedIOException(new ConnectException("the sink is away"));
            }
        });
        reader.start();

        events.forEach(reader::publish);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(reader.seen(call.stream())).containsExactlyElementsOf(events));
    }

    @ConcurrentTest
    void anEventThatItsSinkNeverTakesIsPassedOverByItsGroup() {
        Speech call = new Speech("t", "sink-poison");
        String sink = transcripts() + "&groupId=" + prefix + "-sink&autoOffsetReset=earliest";
        AtomicInteger offers = new AtomicInteger();
        List<TranscriptEvent> events = events(call, 3);
        BusProcess reader = process().readsTranscripts(sink, event -> {
            if (event.equals(events.get(1))) {
                offers.incrementAndGet();
                throw new IllegalStateException("no idea");
            }
        });
        reader.start();

        events.forEach(reader::publish);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(reader.seen(call.stream()))
                        .containsExactly(events.get(0), events.get(2), events.get(3), events.get(4)));
        assertThat(offers).hasValue(5);
    }

    @ConcurrentTest
    void aGroupThatStopsWhileItsSinkIsAwayReadsTheEventAgain() {
        Speech call = new Speech("t", "sink-away-stop");
        String sink = transcripts() + "&groupId=" + prefix + "-sink&autoOffsetReset=earliest";
        List<TranscriptEvent> events = events(call, 3);
        AtomicInteger offers = new AtomicInteger();
        BusProcess worker = process().start();
        BusProcess before = process().readsTranscripts(sink, event -> {
            if (event.equals(events.get(1))) {
                offers.incrementAndGet();
                throw new UncheckedIOException(new ConnectException("the sink is away"));
            }
        });
        before.start();
        events.forEach(worker::publish);
        await().atMost(PATIENCE).until(() -> offers.get() > 1);
        before.close();

        BusProcess after = process().readsTranscripts(sink, event -> {}).start();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(after.seen(call.stream()))
                        .containsExactlyElementsOf(events.subList(1, events.size())));
    }

    /** As a route of a team's own leaves it that takes headers from outside: CVE-2026-49098. */
    @ConcurrentTest
    void noHeaderOfAnExchangeChoosesTheTopic() {
        Speech call = new Speech("t", "elsewhere");
        BusProcess process = process().hearsAudio().readsTranscripts().start();
        Map<String, Object> headers = Map.of(
                KafkaConstants.OVERRIDE_TOPIC,
                "elsewhere",
                KafkaConstants.PARTITION_KEY,
                0,
                KafkaConstants.KEY,
                "another");
        process.send(call.start(), headers);
        process.publish(call.started(1), headers);

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(process.heard(call.stream())).hasSize(1);
            assertThat(process.seen(call.stream())).containsExactly(call.started(1));
        });
    }

    @ConcurrentTest
    void headersFromOutsideNameNothing() throws Exception {
        Speech call = new Speech("t", "headers");
        List<Map<String, Object>> seen = new CopyOnWriteArrayList<>();
        BusProcess reader = process();
        reader.context().addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(transcripts())
                        .process(exchange ->
                                seen.add(Map.copyOf(exchange.getMessage().getHeaders())));
            }
        });
        reader.start();

        try (KafkaProducer<byte[], byte[]> outsider = new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers()), new ByteArraySerializer(), new ByteArraySerializer())) {
            outsider.send(new ProducerRecord<>(
                            prefix + "-transcripts",
                            0,
                            new byte[0],
                            TranscriptJson.write(call.started(1)).getBytes(StandardCharsets.UTF_8),
                            List.of(
                                    new RecordHeader("kafka.OVERRIDE_TOPIC", new byte[] {'x'}),
                                    new RecordHeader("CamelHttpUri", new byte[] {'x'}),
                                    new RecordHeader("anything", new byte[] {'x'}))))
                    .get();
        }

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(seen).containsExactly(Map.of()));
    }

    @ConcurrentTest
    void missingTopicsAreCreatedAlike() throws Exception {
        process().hearsAudio().readsTranscripts().start();

        try (Admin admin = admin()) {
            // A broker knows a topic a moment after the controller has made it.
            Map<String, TopicDescription> topics = await().atMost(PATIENCE)
                    .ignoreException(ExecutionException.class)
                    .until(
                            () -> admin.describeTopics(
                                            List.of(prefix + "-audio", prefix + "-transcripts", prefix + "-partials"))
                                    .allTopicNames()
                                    .get(),
                            Objects::nonNull);
            assertThat(topics.values())
                    .hasSize(3)
                    .allSatisfy(topic -> assertThat(topic.partitions()).hasSize(4));
        }
    }

    @ConcurrentTest
    void aTopicWithOtherPartitionsIsRefused() throws Exception {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(prefix + "-transcripts", 3, (short) 1)))
                    .all()
                    .get();
        }
        BusProcess process = process().hearsAudio();

        assertThatThrownBy(process::start)
                .rootCause()
                .hasMessage(
                        "Kafka's topic '" + prefix
                                + "-transcripts' has 3 partitions; allowed: 4, as rtaa.kafka.partitions says, in each topic of the bus");
    }

    private String brokers() {
        return "127.0.0.1:" + broker().wire().port();
    }

    private Admin admin() {
        return Admin.create(Map.<String, Object>of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, brokers()));
    }

    private static void stopAt(long number, AudioMessage message, CountDownLatch woken) {
        if (message.number() == number) {
            try {
                woken.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
