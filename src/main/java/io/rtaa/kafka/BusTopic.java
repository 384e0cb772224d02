package io.rtaa.kafka;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/**
 * A topic of the bus.
 *
 * @param name its name
 * @param retention how long it keeps records, where it is created here
 */
record BusTopic(String name, Duration retention) {

    /** A segment is given up as a whole, so there are several within the retention. */
    private static final int SEGMENTS = 4;

    static BusTopic audio(KafkaBusOptions options) {
        return new BusTopic(options.audioTopic(), options.audioRetention());
    }

    static BusTopic transcripts(KafkaBusOptions options) {
        return new BusTopic(options.transcriptsTopic(), options.transcriptsRetention());
    }

    static BusTopic partials(KafkaBusOptions options) {
        return new BusTopic(options.partialsTopic(), KafkaBusOptions.PARTIALS_RETENTION);
    }

    /** The settings it is created with. */
    Map<String, String> configs() {
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG,
                Long.toString(retention.toMillis()),
                TopicConfig.SEGMENT_MS_CONFIG,
                Long.toString(retention.toMillis() / SEGMENTS));
    }
}
