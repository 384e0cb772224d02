package io.rtaa.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client that camel-kafka polls for a group's share of the events. What came before where it goes on is read when a
 * partition is assigned, so that it knows what to drop as everybody else does. What the route has been through is committed
 * between polls, and when a partition goes.
 *
 * <p>Thread-safety: as any Kafka consumer.
 */
final class SharedTranscriptConsumer extends BusConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(SharedTranscriptConsumer.class);

    /** How long the past of a partition may take to be read. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How often it is committed how far the route has come. */
    private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);

    /** How long the last commit may hold up a partition that goes. */
    private static final Duration LAST_COMMIT = Duration.ofSeconds(2);

    private final TranscriptLog log;
    private final TranscriptFences fences;
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private long lastCommitNanos = System.nanoTime();

    SharedTranscriptConsumer(
            Properties properties, TranscriptLog log, TranscriptFences fences, TopicGate gate, KafkaBus bus) {
        super(properties, bus.options().transcriptsTopic(), false, gate, bus);
        this.log = log;
        this.fences = fences;
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
        super.subscribe(topics, new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                partitions.forEach(SharedTranscriptConsumer.this::readPast);
                listener.onPartitionsAssigned(partitions);
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                commitLast(partitions);
                listener.onPartitionsRevoked(partitions);
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                committed.keySet().removeAll(partitions);
                listener.onPartitionsLost(partitions);
            }
        });
    }

    @Override
    ConsumerRecords<byte[], byte[]> pollTopics(Duration timeout) {
        if (System.nanoTime() - lastCommitNanos >= COMMIT_INTERVAL.toNanos()) {
            lastCommitNanos = System.nanoTime();
            Map<TopicPartition, OffsetAndMetadata> passed = passed(committed.keySet());
            if (!passed.isEmpty()) {
                commitAsync(passed, null);
            }
        }
        return pollKafka(timeout);
    }

    private void commitLast(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> passed = passed(partitions);
        committed.keySet().removeAll(partitions);
        if (!passed.isEmpty()) {
            try {
                commitSync(passed, LAST_COMMIT);
            } catch (KafkaException e) {
                LOG.info("How far transcripts were read could not be committed: {}", e.getMessage());
            }
        }
    }

    /** How far the route has come in these partitions, where that is further than was committed; taken as committed. */
    private Map<TopicPartition, OffsetAndMetadata> passed(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            long next = fences.of(partition.partition()).nextOffset();
            Long before = committed.get(partition);
            if (before != null && next > before) {
                committed.put(partition, next);
                offsets.put(partition, new OffsetAndMetadata(next));
            }
        }
        return offsets;
    }

    private void readPast(TopicPartition partition) {
        try {
            long position = position(partition);
            committed.put(partition, position);
            TranscriptLog.Past past =
                    log.past(partition.partition(), position - 1).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            fences.put(partition.partition(), past.fence());
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("the past of " + partition + " cannot be read", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
