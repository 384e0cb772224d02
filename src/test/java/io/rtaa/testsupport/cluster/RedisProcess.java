package io.rtaa.testsupport.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import redis.embedded.core.ExecutableProvider;

/** Redis 6.2, as it has to be set for nothing to be lost when it is restarted: every write is on disk before it is answered. */
public final class RedisProcess extends Broker {

    private final boolean keepsEverything;

    public RedisProcess(Path directory) {
        this(directory, true);
    }

    private RedisProcess(Path directory, boolean keepsEverything) {
        super("redis", directory);
        this.keepsEverything = keepsEverything;
    }

    /** One that keeps its data in memory alone: it is empty after each start. */
    public static RedisProcess thatForgets(Path directory) {
        return new RedisProcess(directory, false);
    }

    @Override
    protected Map<String, String> settings(int at) {
        return Map.of("PUBSUB_ADAPTER", "redis", "REDIS_URL", "redis://127.0.0.1:" + at);
    }

    @Override
    protected List<String> command() throws IOException {
        return List.of(
                ExecutableProvider.newJarResourceProvider().get().getAbsolutePath(),
                "--bind",
                "127.0.0.1",
                "--port",
                Integer.toString(port()),
                "--dir",
                directory().toString(),
                "--save",
                "",
                "--appendonly",
                keepsEverything ? "yes" : "no",
                "--appendfsync",
                "always");
    }
}
