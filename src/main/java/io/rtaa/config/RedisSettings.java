package io.rtaa.config;

import io.rtaa.redis.RedisStreamsComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The bus on Redis.
 *
 * @param url where it is, with credentials
 * @param urlFile the file that the address is from; null where it is set by itself
 * @param caCertificate a file with the certificates that vouch for it; null for those that Java trusts
 * @param keyPrefix the first part of every key
 * @param partitions how many there are, the same in all processes
 * @param keep how long transcripts are kept
 */
public record RedisSettings(
        String url,
        @Nullable Path urlFile,
        @Nullable Path caCertificate,
        String keyPrefix,
        int partitions,
        Duration keep) {

    static final Setting<String> URL = Setting.parsed(
                    "rtaa.redis.url",
                    text -> {
                        RedisStreamsComponent.parse(text);
                        return text;
                    },
                    "Where Redis is: redis:// or rediss://, with USER:PASSWORD@ if it has users")
            .variable("REDIS_URL")
            .isSecret()
            .otherwise(RedisStreamsComponent.DEFAULT_URL)
            .build();
    private static final Setting<Path> CA_CERTIFICATE = Setting.parsed(
                    "rtaa.redis.ca-certificate",
                    text -> RedisStreamsComponent.requireCertificate(Path.of(text)),
                    "A PEM file with the certificates that vouch for Redis's own, for rediss://")
            .otherwiseInWords("those that Java trusts")
            .build();
    private static final Setting<String> KEY_PREFIX = Setting.parsed(
                    "rtaa.redis.key-prefix",
                    RedisStreamsComponent::requireKeyPrefix,
                    "First part of every key; installations of different prefixes share a Redis without meeting")
            .otherwise(RedisStreamsComponent.DEFAULT_KEY_PREFIX)
            .build();
    private static final Setting<Integer> PARTITIONS = Setting.number(
                    "rtaa.redis.partitions",
                    1,
                    RedisStreamsComponent.MOST_PARTITIONS,
                    "Partitions of the bus, the most workers that have something to do; the same in all processes")
            .otherwise(RedisStreamsComponent.DEFAULT_PARTITIONS)
            .build();
    private static final Setting<Integer> KEEP = Setting.number(
                    "rtaa.redis.keep-hours",
                    1,
                    (int) RedisStreamsComponent.LONGEST_KEEP.toHours(),
                    "How long transcripts are kept for readers that start later")
            .otherwise(RedisStreamsComponent.DEFAULT_KEEP.toHours())
            .build();

    /** All that are read here. */
    static final List<Setting<?>> DECLARED = List.of(URL, CA_CERTIFICATE, KEY_PREFIX, PARTITIONS, KEEP);

    static RedisSettings read(SettingsReader reader) {
        return new RedisSettings(
                Objects.requireNonNullElse(reader.find(URL), RedisStreamsComponent.DEFAULT_URL),
                reader.file(URL),
                reader.find(CA_CERTIFICATE),
                Objects.requireNonNullElse(reader.find(KEY_PREFIX), RedisStreamsComponent.DEFAULT_KEY_PREFIX),
                reader.get(PARTITIONS),
                Duration.ofHours(reader.get(KEEP)));
    }

    /** Leaves the address out, which may hold a password. */
    @Override
    public String toString() {
        return "RedisSettings[" + keyPrefix + " x" + partitions + ", kept for " + keep.toHours() + " h]";
    }
}
