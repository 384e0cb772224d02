package io.rtaa.bus;

import io.rtaa.redis.RedisStreamsComponent;
import io.rtaa.testsupport.cluster.RedisProcess;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Audio within the process, transcripts on Redis: one process that takes calls and tells the rest of the house. */
class MemoryAndRedisBusTest extends BusSinksTest {

    @TempDir
    static Path directory;

    private static RedisProcess redis;

    private final String keyPrefix = "test-" + UUID.randomUUID();

    @BeforeAll
    static void startRedis() {
        redis = new RedisProcess(directory);
        redis.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @Override
    protected String audio() {
        return "direct:audio?block=false";
    }

    @Override
    protected String transcripts() {
        return "redis-streams:transcripts";
    }

    @Override
    protected Map<String, Object> settings() {
        return Map.of("rtaa.bus.adapter", "memory", "rtaa.bus.transcripts", transcripts());
    }

    @Override
    protected void setUp(CamelContext context) {
        RedisStreamsComponent component = new RedisStreamsComponent();
        component.setUrl("redis://127.0.0.1:" + redis.port());
        component.setKeyPrefix(keyPrefix);
        context.addComponent("redis-streams", component);
    }
}
