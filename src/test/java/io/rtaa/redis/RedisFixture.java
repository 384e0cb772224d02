package io.rtaa.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.rtaa.bus.BusProcess;
import io.rtaa.bus.BusProcess.Heard;
import io.rtaa.bus.Speech;
import io.rtaa.call.AudioMessage;
import io.rtaa.testsupport.cluster.RedisProcess;
import io.rtaa.testsupport.cluster.Wire;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A real Redis for the tests of a class, and processes on a bus of the test's own in it. */
@ResourceLock("the one Redis of these tests")
abstract class RedisFixture {

    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final int PARTITIONS = 8;

    @TempDir
    static Path directory;

    static RedisProcess redis;
    private static RedisClient client;
    /** Asks Redis itself, past everything under test. */
    static RedisCommands<String, String> commands;

    final String prefix = "test-" + UUID.randomUUID();
    final RedisKeys keys = new RedisKeys(prefix, PARTITIONS);
    private final List<AutoCloseable> closing = new ArrayList<>();

    /** A process on a line of its own, with meters of its own. */
    final class Worker implements AutoCloseable {
        final Wire wire = new Wire(redis.port());
        final PrometheusMeterRegistry meters =
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT).throwExceptionOnRegistrationFailure();
        final BusProcess process;

        Worker(String audio, String transcripts) {
            process = new BusProcess(audio, transcripts, context -> {
                RedisStreamsComponent component = new RedisStreamsComponent();
                component.setUrl("redis://127.0.0.1:" + wire.port());
                component.setKeyPrefix(prefix);
                component.setPartitions(PARTITIONS);
                component.setCommandTimeout(Duration.ofMillis(1500));
                component.setMeterRegistry(meters);
                context.addComponent("redis-streams", component);
            });
        }

        double gauge(String name, String topic) {
            return meters.get(name).tag("topic", topic).gauge().value();
        }

        double count(String name) {
            return meters.find(name).counters().stream()
                    .mapToDouble(counter -> counter.count())
                    .sum();
        }

        double count(String name, String topic) {
            return meters.find(name).tag("topic", topic).counters().stream()
                    .mapToDouble(counter -> counter.count())
                    .sum();
        }

        RedisStreamsComponent component() {
            return process.context().getComponent("redis-streams", RedisStreamsComponent.class);
        }

        @Override
        public void close() {
            process.close();
            wire.close();
        }
    }

    @BeforeAll
    static void startRedis() {
        redis = new RedisProcess(directory);
        redis.start();
        client = RedisClient.create("redis://127.0.0.1:" + redis.port());
        commands = client.connect().sync();
    }

    @AfterAll
    static void stopRedis() {
        client.shutdown();
        redis.close();
    }

    @AfterEach
    void closeWorkers() throws Exception {
        for (AutoCloseable each : closing) {
            each.close();
        }
    }

    /** A process with short leases, closed after the test; it is to be told what it reads, and started. */
    Worker worker() {
        return worker("redis-streams:audio?leaseTime=1s&block=50ms", "redis-streams:transcripts?block=50ms");
    }

    Worker worker(String audio, String transcripts) {
        return closedAfterwards(new Worker(audio, transcripts));
    }

    <T extends AutoCloseable> T closedAfterwards(T resource) {
        closing.add(0, resource);
        return resource;
    }

    /** Started, once it was told what it reads. */
    static Worker started(Worker worker, Consumer<BusProcess> reads) {
        reads.accept(worker.process);
        worker.process.start();
        return worker;
    }

    /** All audio messages of a call that a process heard, in the order they came. */
    static List<AudioMessage> messages(BusProcess process, Speech call) {
        return process.heard(call.stream()).stream().map(Heard::message).toList();
    }

    /** The last messages of a call that a process heard, with their receipts. */
    static Heard[] lastOf(BusProcess process, Speech call, int count) {
        List<Heard> heard = process.heard(call.stream());
        return heard.subList(heard.size() - count, heard.size()).toArray(new Heard[0]);
    }
}
