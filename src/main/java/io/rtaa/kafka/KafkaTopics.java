package io.rtaa.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether the topics of the bus are there with the right number of partitions, and creates those that are missing
 * where that is wanted and allowed.
 *
 * <p>Thread-safety: stateless but for the client, which is safe.
 */
final class KafkaTopics {

    private final Admin admin;
    private final KafkaBusOptions options;
    private final Duration patience;

    /** @param patience how long each request may take */
    KafkaTopics(Admin admin, KafkaBusOptions options, Duration patience) {
        this.admin = admin;
        this.options = options;
        this.patience = patience;
    }

    /**
     * Sees to it that these topics can be used.
     *
     * @throws TopicsException where they cannot, whoever asks how often
     * @throws TimeoutException where the broker does not answer
     */
    void require(Collection<BusTopic> topics) throws TimeoutException, InterruptedException {
        List<String> faults = new ArrayList<>();
        for (BusTopic topic : topics) {
            String fault = fault(topic);
            if (fault != null) {
                faults.add(fault);
            }
        }
        if (!faults.isEmpty()) {
            throw new TopicsException(String.join("; ", faults));
        }
    }

    private @Nullable String fault(BusTopic topic) throws TimeoutException, InterruptedException {
        Integer partitions = partitions(topic.name());
        if (partitions == null) {
            String refusal = create(topic);
            if (refusal != null) {
                return "Kafka has no topic '" + topic.name() + "', and " + refusal + "; allowed: create it with "
                        + options.partitions() + " partitions";
            }
            return null;
        }
        if (partitions != options.partitions()) {
            return "Kafka's topic '" + topic.name() + "' has " + partitions + " partitions; allowed: "
                    + options.partitions() + ", as rtaa.kafka.partitions says, in each topic of the bus";
        }
        return null;
    }

    /** Null where there is no such topic. */
    private @Nullable Integer partitions(String topic) throws TimeoutException, InterruptedException {
        try {
            TopicDescription description = Answers.await(
                            admin.describeTopics(List.of(topic)).allTopicNames(), patience)
                    .get(topic);
            return description == null ? null : description.partitions().size();
        } catch (UnknownTopicOrPartitionException e) {
            return null;
        } catch (KafkaException e) {
            throw new TopicsException("Kafka's topic '" + topic + "' cannot be looked at: " + e.getMessage());
        }
    }

    /** Null where the topic was created, by this process or another; else why it was not. */
    private @Nullable String create(BusTopic topic) throws TimeoutException, InterruptedException {
        if (!options.createTopics()) {
            return "none is created here (rtaa.kafka.create-topics)";
        }
        Optional<Short> replicas =
                options.replicationFactor() == 0 ? Optional.empty() : Optional.of((short) options.replicationFactor());
        NewTopic wanted =
                new NewTopic(topic.name(), Optional.of(options.partitions()), replicas).configs(topic.configs());
        try {
            Answers.await(admin.createTopics(List.of(wanted)).all(), patience);
            return null;
        } catch (TopicExistsException e) {
            return null;
        } catch (KafkaException e) {
            return "creating it was refused (" + e.getMessage() + ")";
        }
    }
}
