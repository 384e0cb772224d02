package io.rtaa.config;

import io.rtaa.config.SettingsReader.Setting;
import io.rtaa.redis.RedisStreamsComponent;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The bus on Redis.
 *
 * @param url where it is, with credentials
 * @param caCertificate a file with the certificates that vouch for it; null for those that Java trusts
 * @param keyPrefix the first part of every key
 * @param partitions how many there are, the same in all processes
 * @param keep how long transcripts are kept
 */
public record RedisSettings(String url, @Nullable Path caCertificate, String keyPrefix, int partitions, Duration keep) {

    private static final Setting URL = Setting.secret("REDIS_URL", "rtaa.redis.url");
    private static final Setting CA_CERTIFICATE =
            Setting.open("RTAA_REDIS_CA_CERTIFICATE", "rtaa.redis.ca-certificate");
    private static final Setting KEY_PREFIX = Setting.open("RTAA_REDIS_KEY_PREFIX", "rtaa.redis.key-prefix");
    private static final Setting PARTITIONS = Setting.open("RTAA_REDIS_PARTITIONS", "rtaa.redis.partitions");
    private static final Setting KEEP = Setting.open("RTAA_REDIS_KEEP_HOURS", "rtaa.redis.keep-hours");

    private static final int MOST_PARTITIONS = 1024;
    private static final int MOST_KEEP_HOURS = 24 * 365;

    static RedisSettings read(SettingsReader reader) {
        String url = reader.parsed(URL, text -> {
            RedisStreamsComponent.parse(text);
            return text;
        });
        Path caCertificate = reader.parsed(CA_CERTIFICATE, text -> {
            RedisStreamsComponent asked = new RedisStreamsComponent();
            asked.setCaCertificate(Path.of(text));
            return asked.getCaCertificate();
        });
        String prefix = reader.parsed(KEY_PREFIX, text -> {
            new RedisStreamsComponent().setKeyPrefix(text);
            return text;
        });
        return new RedisSettings(
                url == null ? RedisStreamsComponent.DEFAULT_URL : url,
                caCertificate,
                prefix == null ? RedisStreamsComponent.DEFAULT_KEY_PREFIX : prefix,
                reader.integer(PARTITIONS, 1, MOST_PARTITIONS),
                Duration.ofHours(reader.integer(KEEP, 1, MOST_KEEP_HOURS)));
    }

    /** Leaves the address out, which may hold a password. */
    @Override
    public String toString() {
        return "RedisSettings[" + keyPrefix + " x" + partitions + ", kept for " + keep.toHours() + " h]";
    }
}
