package io.rtaa.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.bench.relay.BareRelay;
import io.rtaa.bench.relay.RedisRelay;
import io.rtaa.testsupport.cluster.Ports;
import io.rtaa.testsupport.cluster.RedisProcess;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Callers, bare relay, recogniser stand-in and dashboard reader, over real sockets in one JVM. */
class WholeLoadTest {

    private static final int CALLS = 6;
    private static final int FRAMES = 150;
    private static final int FIRST = 100;

    private final Vertx vertx = Vertx.vertx();
    private final Script script = new Script(20);
    private final int recogniserPort = Ports.free();
    private final int port = Ports.free();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void everyWordOfEveryCallReachesTheDashboardOnceDroppedCallsIncluded() throws Exception {
        RecogniserProcess.start(vertx, script, recogniserPort, 1);
        BareRelay.start(vertx, port, recogniserPort);

        callAndVerify();
    }

    @Test
    void andSoItDoesThroughRedis(@TempDir Path directory) throws Exception {
        try (RedisProcess redis = RedisProcess.thatForgets(directory)) {
            redis.start();
            RecogniserProcess.start(vertx, script, recogniserPort, 1);
            RedisRelay.start(vertx, port, recogniserPort, redis.port());

            callAndVerify();
        }
    }

    private void callAndVerify() throws Exception {
        URI door = URI.create("ws://127.0.0.1:" + port + "/v1/exotel");
        DashboardReader reader = DashboardReader.watch(vertx, URI.create("ws://127.0.0.1:" + port + "/v1/transcripts"));
        Generator generator = new Generator(vertx, script);
        long start = System.nanoTime() + Generator.LEAD_NANOS;
        reader.arrivals().measure(start, Long.MAX_VALUE);
        generator.measure(start, Long.MAX_VALUE);

        generator.place(door, FIRST, CALLS, start, script.frameNanos() * 10, FRAMES);
        generator.place(new PlannedCall(door, FIRST + CALLS, start, FRAMES, true));

        Map<Integer, Integer> finals = new TreeMap<>();
        for (GeneratedCall.Outcome outcome : generator.await()) {
            assertThat(outcome.fault()).isNull();
            assertThat(outcome.frames()).isEqualTo(FRAMES);
            finals.put(outcome.number(), script.finalsIn(outcome.number(), FRAMES));
        }
        assertThat(finals)
                .hasSize(CALLS + 1)
                .allSatisfy((call, count) -> assertThat(count).isPositive());
        await().atMost(Duration.ofSeconds(30))
                .until(() -> reader.arrivals().verify(finals).isClean());
        assertThat(reader.fault()).isNull();
        assertThat(reader.arrivals().added().getTotalCount())
                .isEqualTo(finals.values().stream().mapToInt(Integer::intValue).sum());
        assertThat(generator.lateness().getTotalCount()).isEqualTo((CALLS + 1) * (long) FRAMES);
    }
}
