package io.rtaa.config;

import io.rtaa.config.SettingsReader.Setting;
import io.rtaa.kafka.KafkaBusOptions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The bus on Kafka. Where its brokers are is read by camel-kafka itself; here it is only checked.
 *
 * @param options what the bus is made of
 */
public record KafkaSettings(KafkaBusOptions options) {

    private static final Setting BROKERS = Setting.open("KAFKA_BROKERS", "rtaa.kafka.brokers");
    private static final Setting AUDIO_TOPIC = property("audio-topic");
    private static final Setting TRANSCRIPTS_TOPIC = property("transcripts-topic");
    private static final Setting PARTIALS_TOPIC = property("partials-topic");
    private static final Setting PARTITIONS = property("partitions");
    private static final Setting REPLICATION = property("replication-factor");
    private static final Setting CREATE_TOPICS = property("create-topics");
    private static final Setting AUDIO_RETENTION = property("audio-retention-minutes");
    private static final Setting TRANSCRIPTS_RETENTION = property("transcripts-retention-hours");
    private static final Setting LOOK_BACK = property("look-back-minutes");
    private static final Setting PAST_ON_START = property("past-on-start-minutes");

    /** What Kafka allows in a topic's name. */
    private static final String TOPIC_NAME = "[a-zA-Z0-9._-]{1,249}";

    private static final String BROKER = "[^\\s:,/]+:\\d{1,5}|\\[[0-9a-fA-F:.]+]:\\d{1,5}";

    private static final int MOST_PARTITIONS = 1000;
    private static final int MOST_REPLICAS = 100;

    /** A week. */
    private static final int MOST_MINUTES = 10_080;

    /** A year. */
    private static final int MOST_HOURS = 8784;

    static KafkaSettings read(SettingsReader reader) {
        List<String> brokers = reader.list(BROKERS);
        if (brokers.isEmpty() || !brokers.stream().allMatch(broker -> broker.matches(BROKER))) {
            reader.fault(BROKERS, reader.text(BROKERS), "host:port, several separated by commas");
        }
        List<String> topics =
                List.of(topic(reader, AUDIO_TOPIC), topic(reader, TRANSCRIPTS_TOPIC), topic(reader, PARTIALS_TOPIC));
        if (topics.stream().distinct().count() < topics.size()) {
            reader.fault("rtaa.kafka names the topics " + topics + "; allowed: three different ones");
            topics = List.of("audio", "transcripts", "partials");
        }
        return new KafkaSettings(new KafkaBusOptions(
                topics.get(0),
                topics.get(1),
                topics.get(2),
                reader.integer(PARTITIONS, 1, MOST_PARTITIONS),
                reader.integer(REPLICATION, 0, MOST_REPLICAS),
                reader.oneOf(CREATE_TOPICS, "true", "false").equals("true"),
                Duration.ofMinutes(reader.integer(AUDIO_RETENTION, 1, MOST_MINUTES)),
                Duration.ofHours(reader.integer(TRANSCRIPTS_RETENTION, 1, MOST_HOURS)),
                Duration.ofMinutes(reader.integer(LOOK_BACK, 1, MOST_MINUTES)),
                Duration.ofMinutes(reader.integer(PAST_ON_START, 0, MOST_MINUTES))));
    }

    /** Seldom set, so a variable has no name of its own: it is the property's, as Spring Boot spells it. */
    private static Setting property(String name) {
        return Setting.open("RTAA_KAFKA_" + name.replace('-', '_').toUpperCase(Locale.ROOT), "rtaa.kafka." + name);
    }

    private static String topic(SettingsReader reader, Setting setting) {
        String name = reader.text(setting);
        if (name == null || !name.matches(TOPIC_NAME)) {
            reader.fault(setting, name, "1 to 249 letters, digits, '.', '_' or '-'");
            return setting.property();
        }
        return name;
    }
}
