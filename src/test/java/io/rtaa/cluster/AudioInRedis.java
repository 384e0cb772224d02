package io.rtaa.cluster;

import io.lettuce.core.KeyScanArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.rtaa.testsupport.cluster.Broker;

/**
 * How much audio Redis keeps.
 *
 * @param entries windows, starts and ends
 * @param bytes that it needs for them
 */
record AudioInRedis(long entries, long bytes) {

    /** The streams of every partition's audio. */
    private static final String AUDIO = "*:audio";

    static AudioInRedis now(Broker redis) {
        try (RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", redis.port()));
                StatefulRedisConnection<String, String> connection = client.connect()) {
            RedisCommands<String, String> commands = connection.sync();
            ScanIterator<String> keys = ScanIterator.scan(
                    commands, KeyScanArgs.Builder.matches(AUDIO).type("stream"));
            AudioInRedis sum = new AudioInRedis(0, 0);
            while (keys.hasNext()) {
                String key = keys.next();
                Long bytes = commands.memoryUsage(key);
                sum = new AudioInRedis(sum.entries() + commands.xlen(key), sum.bytes() + (bytes == null ? 0 : bytes));
            }
            return sum;
        }
    }
}
