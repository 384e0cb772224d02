package io.rtaa.kafka;

import io.rtaa.bus.ReaderMeters;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of a group that reads a topic: how many processes read, which partitions none of them reads, and how
 * far they are behind. As it was at the last look.
 *
 * <p>Thread-safety: safe; one thread looks.
 */
final class GroupWatch {

    private static final Logger LOG = LoggerFactory.getLogger(GroupWatch.class);

    private final String topic;
    private final String group;
    private final int partitions;
    private final ReaderMeters meters;
    private volatile @Nullable GroupReader reader;
    private volatile int workers;
    private volatile int unowned;
    private volatile long lagEntries;
    private volatile long lagUnownedEntries;

    /**
     * @param topic the topic's name at the broker
     * @param partitions how many it has
     * @param meters get what is known
     */
    GroupWatch(String topic, String group, int partitions, ReaderMeters meters) {
        this.topic = topic;
        this.group = group;
        this.partitions = partitions;
        this.meters = meters;
        meters.workers(this, GroupWatch::workers);
        meters.partitionsUnowned(this, GroupWatch::unowned);
        meters.lagUnownedEntries(this, watch -> watch.lagUnownedEntries);
    }

    /** This process reads for the group from now on. */
    void readBy(GroupReader ofThisProcess) {
        reader = ofThisProcess;
        meters.partitionsOwned(this, watch -> watch.owned().size());
        meters.lagEntries(this, watch -> watch.lagEntries);
        meters.lag(ofThisProcess, GroupReader::lagMillis);
    }

    /** The meters of the group. */
    ReaderMeters meters() {
        return meters;
    }

    /** Processes that read for the group. */
    int workers() {
        return workers;
    }

    /** Partitions that no process of the group reads. */
    int unowned() {
        return unowned;
    }

    private Set<Integer> owned() {
        GroupReader ofThisProcess = reader;
        return ofThisProcess == null ? Set.of() : ofThisProcess.partitions();
    }

    /**
     * Asks the broker. What it refuses to say stays as it was.
     *
     * @throws TimeoutException where it does not answer
     */
    void look(Admin admin, Duration patience) throws TimeoutException, InterruptedException {
        try {
            Map<Integer, Long> behind = behind(admin, patience);
            Set<Integer> free = new HashSet<>(behind.keySet());
            ConsumerGroupDescription described = Answers.await(
                            admin.describeConsumerGroups(List.of(group)).all(), patience)
                    .get(group);
            if (described != null) {
                workers = described.members().size();
                described.members().forEach(member -> free.removeAll(assigned(member)));
            }
            unowned = free.size();
            lagUnownedEntries = sum(behind, free);
            lagEntries = sum(behind, owned());
        } catch (KafkaException e) {
            LOG.debug("The group {} cannot be looked at", group, e);
        }
    }

    /** The records of each partition that the group has not acknowledged. */
    private Map<Integer, Long> behind(Admin admin, Duration patience) throws TimeoutException, InterruptedException {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            latest.put(new TopicPartition(topic, partition), OffsetSpec.latest());
        }
        Map<TopicPartition, OffsetAndMetadata> committed =
                Answers.await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(), patience);
        Map<Integer, Long> behind = new HashMap<>();
        Answers.await(admin.listOffsets(latest).all(), patience).forEach((partition, end) -> {
            OffsetAndMetadata from = committed.get(partition);
            behind.put(partition.partition(), Math.max(0, end.offset() - (from == null ? 0 : from.offset())));
        });
        return behind;
    }

    private List<Integer> assigned(MemberDescription member) {
        return member.assignment().topicPartitions().stream()
                .filter(partition -> partition.topic().equals(topic))
                .map(TopicPartition::partition)
                .toList();
    }

    private static long sum(Map<Integer, Long> behind, Set<Integer> some) {
        return some.stream()
                .mapToLong(partition -> behind.getOrDefault(partition, 0L))
                .sum();
    }

    /** The group is not watched any more. */
    void close() {
        meters.close();
    }
}
