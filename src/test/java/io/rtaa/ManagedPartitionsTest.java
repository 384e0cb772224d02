package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.rtaa.testsupport.CamelJmx;
import io.rtaa.testsupport.OperatorClient;
import io.rtaa.testsupport.RunningJar;
import io.rtaa.testsupport.cluster.KafkaProcess;
import io.rtaa.testsupport.cluster.RedisProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** How operators have a worker give back what it holds, on each broker: a process of its own, and a real broker. */
@ExtendWith(CamelJmx.class)
class ManagedPartitionsTest {

    private static final String BEAN = "io.rtaa:type=Partitions";
    private static final Duration AT_MOST = Duration.ofSeconds(60);
    private static final int PARTITIONS = 4;

    @TempDir
    private Path folder;

    @Test
    void aWorkerOnRedisGivesItsPartitionsBackAndTakesThemAgain() throws Exception {
        try (RedisProcess redis = new RedisProcess(folder)) {
            redis.start();
            givesBackAndTakesAgain(Map.of(
                    "PUBSUB_ADAPTER",
                    "redis",
                    "REDIS_URL",
                    "redis://127.0.0.1:" + redis.port(),
                    "RTAA_REDIS_PARTITIONS",
                    String.valueOf(PARTITIONS)));
        }
    }

    @Test
    void aWorkerOnKafkaGivesItsPartitionsBackAndTakesThemAgain() throws Exception {
        try (KafkaProcess kafka = new KafkaProcess(folder)) {
            kafka.start();
            givesBackAndTakesAgain(Map.of(
                    "PUBSUB_ADAPTER",
                    "kafka",
                    "KAFKA_BROKERS",
                    "127.0.0.1:" + kafka.port(),
                    "RTAA_KAFKA_PARTITIONS",
                    String.valueOf(PARTITIONS)));
        }
    }

    private static void givesBackAndTakesAgain(Map<String, String> bus) throws Exception {
        Map<String, String> environment = new HashMap<>(bus);
        environment.put("RTAA_ROLES", "asr");
        environment.put("MANAGEMENT_PASSWORD", "admin");
        environment.put("MANAGEMENT_VIEWERS", "eve:look");
        try (RunningJar worker = RunningJar.startUnpackaged(environment)) {
            OperatorClient admin = OperatorClient.in(worker.managementPort(), "rtaa", "admin");
            OperatorClient viewer = OperatorClient.in(worker.managementPort(), "eve", "look");
            await().atMost(AT_MOST).untilAsserted(() -> assertThat(held(viewer)).hasSize(PARTITIONS));
            assertThat(viewer.invoke(BEAN, "giveBack").path("status").asInt()).isEqualTo(403);

            assertThat(admin.invoke(BEAN, "giveBack").path("value").asText())
                    .isEqualTo("all partitions are given back");
            await().atMost(AT_MOST).untilAsserted(() -> assertThat(held(viewer)).isEmpty());
            assertThat(viewer.read(BEAN, "Routes")
                            .path("value")
                            .path("asr-audio")
                            .asText())
                    .isEqualTo("Stopped");

            JsonNode taken = admin.invoke(BEAN, "takeAgain");
            assertThat(taken.path("value").asText())
                    .as("%s; %s", taken, worker.output())
                    .isEqualTo("takes partitions again");
            await().atMost(AT_MOST).untilAsserted(() -> assertThat(held(viewer)).hasSize(PARTITIONS));
            assertThat(worker.output()).contains("what=\"operate\" who=\"rtaa\"", "operation=\"giveBack\"");
        }
    }

    private static JsonNode held(OperatorClient operator) throws Exception {
        return operator.read(BEAN, "Partitions").path("value");
    }
}
