package io.rtaa.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.RtaaApplication;
import io.rtaa.bus.Speech;
import io.rtaa.testsupport.cluster.KafkaProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.test.spring.junit5.CamelSpringBootTest;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Every event but partials is in a topic of a team's own, on a real Kafka. */
@CamelSpringBootTest
@SpringBootTest(
        classes = RtaaApplication.class,
        properties = {"rtaa.port=0", "rtaa.roles=dashboard", "rtaa.routes=docs/examples/kafka-copy"})
@DirtiesContext
class KafkaCopyExampleTest {

    private static final Duration AT_MOST = Duration.ofSeconds(60);

    @TempDir
    private static Path directory;

    private static KafkaProcess kafka;

    @Autowired
    private ProducerTemplate template;

    @BeforeAll
    static void startKafka() {
        kafka = new KafkaProcess(directory);
        kafka.start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry registry) {
        registry.add("rtaa.kafka.brokers", KafkaCopyExampleTest::brokers);
    }

    private static String brokers() {
        return "127.0.0.1:" + kafka.wire().port();
    }

    @Test
    void everyEventButPartialsIsInTheTopicInOrder() {
        Speech call = new Speech("acme", "one");

        Stream.of(call.started(1), call.partial(2, 1), call.words(3, 1, 2), call.words(4, 3, 3), call.ended(5, 3))
                .forEach(event -> template.sendBody("{{rtaa.bus.transcripts}}", event));

        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers(),
                        ConsumerConfig.GROUP_ID_CONFIG, "test",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of("transcripts-copy"));
            await().atMost(AT_MOST).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                return records.size() >= 4;
            });
        }
        assertThat(records).extracting(ConsumerRecord::key).containsOnly("acme/one");
        assertThat(records)
                .extracting(ConsumerRecord::value)
                .satisfiesExactly(
                        value -> assertThat(value).contains("\"type\":\"call_started\"", "\"seq\":1"),
                        value -> assertThat(value).contains("\"text\":\"w1 w2\"", "\"seq\":3"),
                        value -> assertThat(value).contains("\"text\":\"w3\"", "\"seq\":4"),
                        value -> assertThat(value).contains("\"type\":\"call_ended\"", "\"seq\":5"));
    }
}
