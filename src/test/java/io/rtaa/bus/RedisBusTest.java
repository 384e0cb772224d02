package io.rtaa.bus;

import io.rtaa.redis.RedisStreamsComponent;
import io.rtaa.testsupport.cluster.Broker;
import io.rtaa.testsupport.cluster.RedisProcess;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The bus on Redis Streams, on a real Redis that writes everything to its disk before it answers. */
class RedisBusTest extends BrokerBusTest {

    @TempDir
    static Path directory;

    private static RedisProcess redis;

    private String keyPrefix;

    @BeforeAll
    static void startRedis() {
        redis = new RedisProcess(directory);
        redis.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    /** Each test has a bus of its own. */
    @BeforeEach
    void choosePrefix() {
        keyPrefix = "test-" + UUID.randomUUID();
    }

    @Override
    protected Broker sharedBroker() {
        return redis;
    }

    @Override
    protected Broker newBroker(Path directory) {
        return new RedisProcess(directory);
    }

    @Override
    protected String audio() {
        return "redis-streams:audio";
    }

    @Override
    protected String transcripts() {
        return "redis-streams:transcripts";
    }

    @Override
    protected Map<String, Object> settings() {
        return Map.of("rtaa.bus.adapter", "redis");
    }

    @Override
    protected void setUp(CamelContext context) {
        RedisStreamsComponent component = new RedisStreamsComponent();
        component.setUrl("redis://127.0.0.1:" + broker().wire().port());
        component.setKeyPrefix(keyPrefix);
        component.setPartitions(8);
        context.addComponent("redis-streams", component);
    }
}
