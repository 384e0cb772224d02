package io.rtaa.redis;

import io.lettuce.core.RedisURI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which bus, and how it is used; see the setters of {@link RedisStreamsComponent}.
 *
 * @param uri where Redis is, with credentials
 * @param caCertificate a PEM file whose certificates vouch for Redis; null for those that Java trusts
 * @param keyPrefix the first part of every key
 * @param partitions how many there are
 * @param keep how long transcripts are kept
 * @param commandTimeout how long an answer may take
 */
record RedisBusOptions(
        RedisURI uri,
        @Nullable Path caCertificate,
        String keyPrefix,
        int partitions,
        Duration keep,
        Duration commandTimeout) {

    /** Names the place only. */
    @Override
    public String toString() {
        return "RedisBusOptions[" + uri.getHost() + ":" + uri.getPort() + " " + keyPrefix + " x" + partitions + "]";
    }
}
