package io.rtaa.kafka;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * The partitions of transcripts that this process reads for a group, and when the oldest record was published that its
 * route is not done with.
 *
 * <p>Thread-safety: the polling thread changes it; any thread may ask.
 */
final class SharedPartitions implements GroupReader {

    /** The route is done with what was read of a partition. */
    private static final long NOTHING = Long.MAX_VALUE;

    private final Map<Integer, Long> oldestMillis = new ConcurrentHashMap<>();
    private final BusTime time;

    SharedPartitions(BusTime time) {
        this.time = time;
    }

    @Override
    public Set<Integer> partitions() {
        return oldestMillis.keySet();
    }

    @Override
    public long lagMillis() {
        long now = time.epochMillis();
        return Math.max(
                0,
                now
                        - oldestMillis.values().stream()
                                .mapToLong(Long::longValue)
                                .min()
                                .orElse(now));
    }

    /** Another client reads from now on. */
    void begin() {
        oldestMillis.clear();
    }

    void assigned(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> oldestMillis.put(partition.partition(), NOTHING));
    }

    void gone(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> oldestMillis.remove(partition.partition()));
    }

    /** Records go to the route now. */
    void polled(ConsumerRecords<byte[], byte[]> records) {
        for (TopicPartition partition : records.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> some = records.records(partition);
            oldestMillis.replace(partition.partition(), some.get(0).timestamp());
        }
    }

    /**
     * The route has been through all records.
     *
     * @param isOpen which partitions have a record that comes again
     */
    void passed(IntPredicate isOpen) {
        oldestMillis.replaceAll((partition, oldest) -> isOpen.test(partition) ? oldest : NOTHING);
    }
}
