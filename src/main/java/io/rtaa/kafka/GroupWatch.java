package io.rtaa.kafka;

import io.rtaa.bus.ReaderMeters;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.ToDoubleFunction;
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
    private volatile @Nullable Seen seen;
    /** Why the last look saw nothing; null where it did, and before the first. */
    private volatile @Nullable String unseen;

    /**
     * What the broker said.
     *
     * @param workers processes that read for the group
     * @param behind the records of each partition that the group has not acknowledged
     * @param unowned partitions that no process of the group reads
     */
    private record Seen(int workers, Map<Integer, Long> behind, Set<Integer> unowned) {
        long behind(Set<Integer> some) {
            return some.stream()
                    .mapToLong(partition -> behind.getOrDefault(partition, 0L))
                    .sum();
        }
    }

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
        meters.workers(this, measuring(Seen::workers));
        meters.partitionsUnowned(this, measuring(known -> known.unowned().size()));
        meters.lagUnownedEntries(this, measuring(known -> known.behind(known.unowned())));
    }

    /** This process reads for the group from now on. */
    void readBy(GroupReader ofThisProcess) {
        meters.partitionsOwned(ofThisProcess, reading -> reading.partitions().size());
        meters.lagEntries(this, measuring(known -> known.behind(ofThisProcess.partitions())));
        meters.lag(ofThisProcess, GroupReader::lagMillis);
    }

    /** The meters of the group. */
    ReaderMeters meters() {
        return meters;
    }

    /** Processes that read for the group; 0 where that is not known. */
    int workers() {
        Seen known = seen;
        return known == null ? 0 : known.workers();
    }

    /** What is worth knowing of the group, in words for a person; null where nothing is. Answers at once. */
    @Nullable
    String note() {
        String reason = unseen;
        if (reason != null) {
            return "the group " + group + " cannot be looked at: " + reason;
        }
        Seen known = seen;
        return known == null || known.unowned().isEmpty()
                ? null
                : "nobody reads " + known.unowned().size() + " of " + partitions + " partitions of " + topic + " for "
                        + group;
    }

    /** A gauge of what was seen last: no number before anything was seen, as 0 would say that all is well. */
    private static ToDoubleFunction<GroupWatch> measuring(ToDoubleFunction<Seen> value) {
        return watch -> {
            Seen known = watch.seen;
            return known == null ? Double.NaN : value.applyAsDouble(known);
        };
    }

    /** Asks the broker. Where it does not answer, the last values stay, and the log says so once. */
    void look(Admin admin, Duration patience) throws InterruptedException {
        try {
            seen = ask(admin, patience);
            if (unseen != null) {
                unseen = null;
                LOG.info("The group {} can be looked at again", group);
            }
        } catch (TimeoutException e) {
            cannot("no answer in " + patience.toSeconds() + " s");
        } catch (KafkaException e) {
            cannot(Answers.reason(e));
        }
    }

    private void cannot(String reason) {
        if (unseen == null) {
            LOG.warn("The group {} cannot be looked at, its metrics stay as they are: {}", group, reason);
        }
        unseen = reason;
    }

    private Seen ask(Admin admin, Duration patience) throws TimeoutException, InterruptedException {
        Map<Integer, Long> behind = behind(admin, patience);
        Set<Integer> unowned = new HashSet<>(behind.keySet());
        ConsumerGroupDescription described = Answers.await(
                        admin.describeConsumerGroups(List.of(group)).all(), patience)
                .get(group);
        if (described == null) {
            return new Seen(0, behind, unowned);
        }
        described.members().forEach(member -> unowned.removeAll(assigned(member)));
        return new Seen(described.members().size(), behind, unowned);
    }

    /**
     * The records of each partition that the group has not acknowledged. A group without a position, or with one that
     * the broker has deleted, begins with the oldest record that the broker keeps.
     */
    private Map<Integer, Long> behind(Admin admin, Duration patience) throws TimeoutException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> committed =
                Answers.await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(), patience);
        Map<TopicPartition, Long> first = offsets(OffsetSpec.earliest(), admin, patience);
        Map<Integer, Long> behind = new HashMap<>();
        offsets(OffsetSpec.latest(), admin, patience).forEach((partition, end) -> {
            OffsetAndMetadata position = committed.get(partition);
            long from = Math.max(first.getOrDefault(partition, 0L), position == null ? 0 : position.offset());
            behind.put(partition.partition(), Math.max(0, end - from));
        });
        return behind;
    }

    private Map<TopicPartition, Long> offsets(OffsetSpec which, Admin admin, Duration patience)
            throws TimeoutException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            asked.put(new TopicPartition(topic, partition), which);
        }
        Map<TopicPartition, Long> offsets = new HashMap<>();
        Answers.await(admin.listOffsets(asked).all(), patience)
                .forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    private List<Integer> assigned(MemberDescription member) {
        return member.assignment().topicPartitions().stream()
                .filter(partition -> partition.topic().equals(topic))
                .map(TopicPartition::partition)
                .toList();
    }

    /** The group is not watched any more. */
    void close() {
        meters.close();
    }
}
