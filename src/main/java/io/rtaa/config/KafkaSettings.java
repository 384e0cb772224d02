package io.rtaa.config;

import io.rtaa.kafka.KafkaBusOptions;
import java.time.Duration;
import java.util.List;

/**
 * The bus on Kafka. Where its brokers are is read by camel-kafka itself; here it is only checked.
 *
 * @param options what the bus is made of
 */
public record KafkaSettings(KafkaBusOptions options) {

    /** What Kafka allows in a topic's name. */
    private static final String TOPIC_NAME = "[a-zA-Z0-9._-]{1,249}";

    private static final String BROKER = "[^\\s:,/]+:\\d{1,5}|\\[[0-9a-fA-F:.]+]:\\d{1,5}";

    private static final int MOST_PARTITIONS = 1000;
    private static final int MOST_REPLICAS = 100;

    /** A week. */
    private static final int MOST_MINUTES = 10_080;

    /** A year. */
    private static final int MOST_HOURS = 8784;

    private static final Setting<List<String>> BROKERS = Setting.list(
                    "rtaa.kafka.brokers", "Where Kafka is: host:port, several separated by commas")
            .variable("KAFKA_BROKERS")
            .otherwise("127.0.0.1:9092")
            .build();
    private static final Setting<String> AUDIO_TOPIC = Setting.text("rtaa.kafka.audio-topic", "Topic of audio")
            .otherwise("rtaa-audio")
            .build();
    private static final Setting<String> TRANSCRIPTS_TOPIC = Setting.text(
                    "rtaa.kafka.transcripts-topic", "Topic of transcript events but for partials")
            .otherwise("rtaa-transcripts")
            .build();
    private static final Setting<String> PARTIALS_TOPIC = Setting.text("rtaa.kafka.partials-topic", "Topic of partials")
            .otherwise("rtaa-partials")
            .build();
    private static final Setting<Integer> PARTITIONS = Setting.number(
                    "rtaa.kafka.partitions",
                    1,
                    MOST_PARTITIONS,
                    "Partitions of each topic, the most workers that have something to do")
            .otherwise(32)
            .build();
    private static final Setting<Integer> REPLICATION = Setting.number(
                    "rtaa.kafka.replication-factor",
                    0,
                    MOST_REPLICAS,
                    "Replicas of topics that are created; 0 leaves it to the broker")
            .otherwise(0)
            .build();
    private static final Setting<String> CREATE_TOPICS = Setting.word(
                    "rtaa.kafka.create-topics", List.of("true", "false"), "Whether missing topics are created")
            .otherwise(true)
            .build();
    private static final Setting<Integer> AUDIO_RETENTION = Setting.number(
                    "rtaa.kafka.audio-retention-minutes",
                    1,
                    MOST_MINUTES,
                    "How long audio is kept in a topic that is created: how long all workers may be away")
            .otherwise(60)
            .build();
    private static final Setting<Integer> TRANSCRIPTS_RETENTION = Setting.number(
                    "rtaa.kafka.transcripts-retention-hours",
                    1,
                    MOST_HOURS,
                    "How long transcripts are kept in a topic that is created")
            .otherwise(24)
            .build();
    private static final Setting<Integer> LOOK_BACK = Setting.number(
                    "rtaa.kafka.look-back-minutes",
                    1,
                    MOST_MINUTES,
                    "How far back a worker reads transcripts of calls it takes over: longer than the longest call")
            .otherwise(70)
            .build();
    private static final Setting<Integer> PAST_ON_START = Setting.number(
                    "rtaa.kafka.past-on-start-minutes", 0, MOST_MINUTES, "How far back a dashboard begins")
            .otherwise(120)
            .build();

    /** All that are read here. */
    static final List<Setting<?>> DECLARED = List.of(
            BROKERS,
            AUDIO_TOPIC,
            TRANSCRIPTS_TOPIC,
            PARTIALS_TOPIC,
            PARTITIONS,
            CREATE_TOPICS,
            REPLICATION,
            AUDIO_RETENTION,
            TRANSCRIPTS_RETENTION,
            LOOK_BACK,
            PAST_ON_START);

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
                reader.get(PARTITIONS),
                reader.get(REPLICATION),
                reader.get(CREATE_TOPICS).equals("true"),
                Duration.ofMinutes(reader.get(AUDIO_RETENTION)),
                Duration.ofHours(reader.get(TRANSCRIPTS_RETENTION)),
                Duration.ofMinutes(reader.get(LOOK_BACK)),
                Duration.ofMinutes(reader.get(PAST_ON_START))));
    }

    private static String topic(SettingsReader reader, Setting<String> setting) {
        String name = reader.text(setting);
        if (name == null || !name.matches(TOPIC_NAME)) {
            reader.fault(setting, name, "1 to 249 letters, digits, '.', '_' or '-'");
            return setting.property();
        }
        return name;
    }
}
