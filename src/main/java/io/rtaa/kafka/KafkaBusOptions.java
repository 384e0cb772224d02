package io.rtaa.kafka;

import io.rtaa.bus.Topic;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the bus is made of. A stream has the same partition number in all three topics.
 *
 * @param audioTopic the topic of the audio
 * @param transcriptsTopic the topic of transcript events, partials excepted
 * @param partialsTopic the topic of partials: of use for a moment, and so many that they must not lie between the others
 * @param partitions the number of partitions of each topic; a process that takes over streams reads a partition at a time, so
 *     it is the most workers that share the work
 * @param replicationFactor copies of each partition of a topic that is created here; 0 for what the broker has as default
 * @param createTopics whether missing topics are created
 * @param audioRetention how long audio is kept at most in a topic that is created here: how long all workers may be away
 * @param transcriptsRetention how long transcripts are kept in a topic that is created here
 * @param lookBack how far back a new owner of a partition reads transcripts: longer than the longest call
 * @param pastOnStart how far back a reader without a group starts
 */
public record KafkaBusOptions(
        String audioTopic,
        String transcriptsTopic,
        String partialsTopic,
        int partitions,
        int replicationFactor,
        boolean createTopics,
        Duration audioRetention,
        Duration transcriptsRetention,
        Duration lookBack,
        Duration pastOnStart) {

    /** How long partials are kept at most in a topic that is created here. */
    static final Duration PARTIALS_RETENTION = Duration.ofMinutes(10);

    public KafkaBusOptions {
        List<String> topics = Stream.of(audioTopic, transcriptsTopic, partialsTopic)
                .distinct()
                .toList();
        if (topics.size() < 3) {
            throw new IllegalArgumentException("the topics are " + topics + "; allowed: three different ones");
        }
        if (partitions < 1) {
            throw new IllegalArgumentException("the topics have " + partitions + " partitions; allowed: 1 or more");
        }
    }

    /** What the broker calls a topic. */
    String nameOf(Topic topic) {
        return switch (topic) {
            case AUDIO -> audioTopic;
            case TRANSCRIPTS -> transcriptsTopic;
            case PARTIALS -> partialsTopic;
        };
    }
}
