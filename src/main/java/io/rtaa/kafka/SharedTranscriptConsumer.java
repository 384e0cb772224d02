package io.rtaa.kafka;

import io.rtaa.bus.Topic;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client that camel-kafka polls for a group's share of the events. What came before where it goes on is read when a
 * partition is assigned, so that it knows what to drop as everybody else does. Where it begins is committed, what the
 * route has been through between polls, and when a partition goes.
 *
 * <p>Thread-safety: as any Kafka consumer.
 */
final class SharedTranscriptConsumer extends BusConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(SharedTranscriptConsumer.class);

    /** How long the past of a partition may take to be read. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How often it is committed how far the route has come. */
    private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);

    /** How long the first commit may hold up a partition that comes, and the last one that goes. */
    private static final Duration COMMIT_PATIENCE = Duration.ofSeconds(2);

    private final KafkaBus bus;
    private final TranscriptLog log;
    private final String topic;
    private final TranscriptFences fences;
    private final @Nullable StartOffsets start;
    private final FailedEvents failed;
    private final SharedPartitions reading;
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private long lastCommitNanos = System.nanoTime();

    /**
     * @param start where a group begins that has no position; null where {@code autoOffsetReset} says so
     * @param failed the events that are offered again
     * @param reading notes which partitions this client reads
     */
    SharedTranscriptConsumer(
            Properties properties,
            TranscriptLog log,
            TranscriptFences fences,
            @Nullable StartOffsets start,
            FailedEvents failed,
            SharedPartitions reading,
            TopicGate gate,
            KafkaBus bus) {
        super(properties, Topic.TRANSCRIPTS, false, gate, bus);
        this.bus = bus;
        this.log = log;
        this.topic = bus.options().transcriptsTopic();
        this.fences = fences;
        this.start = start;
        this.failed = failed;
        this.reading = reading;
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
        reading.begin();
        super.subscribe(topics, new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                failed.forget(partitions);
                partitions.forEach(SharedTranscriptConsumer.this::readPast);
                reading.assigned(partitions);
                listener.onPartitionsAssigned(partitions);
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                commitLast(partitions);
                forget(partitions);
                listener.onPartitionsRevoked(partitions);
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                committed.keySet().removeAll(partitions);
                forget(partitions);
                listener.onPartitionsLost(partitions);
            }
        });
    }

    @Override
    ConsumerRecords<byte[], byte[]> pollTopics(Duration timeout) {
        reading.passed(partition -> failed.offset(partition) != null);
        if (System.nanoTime() - lastCommitNanos >= COMMIT_INTERVAL.toNanos()) {
            lastCommitNanos = System.nanoTime();
            Map<TopicPartition, OffsetAndMetadata> passed = passed(committed.keySet());
            if (!passed.isEmpty()) {
                commitAsync(passed, (offsets, failure) -> {
                    if (failure != null) {
                        bus.countUncommitted(Topic.TRANSCRIPTS, failure);
                        offsets.forEach(this::commitAgain);
                    }
                });
            }
        }
        failed.steer(this, topic);
        ConsumerRecords<byte[], byte[]> records = pollKafka(timeout);
        reading.polled(records);
        return records;
    }

    private void forget(Collection<TopicPartition> partitions) {
        failed.forget(partitions);
        reading.gone(partitions);
    }

    /** What was taken as committed is not; unless more was committed since, or the partition has gone. */
    private void commitAgain(TopicPartition partition, OffsetAndMetadata refused) {
        committed.replace(partition, refused.offset(), refused.offset() - 1);
    }

    private void commitLast(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> passed = passed(partitions);
        committed.keySet().removeAll(partitions);
        if (!passed.isEmpty()) {
            try {
                commitSync(passed, COMMIT_PATIENCE);
            } catch (KafkaException e) {
                bus.countUncommitted(Topic.TRANSCRIPTS, e);
                LOG.info("How far transcripts were read could not be committed: {}", e.getMessage());
            }
        }
    }

    /** How far the route has come in these partitions, where that is further than was committed; taken as committed. */
    private Map<TopicPartition, OffsetAndMetadata> passed(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            Long open = failed.offset(partition.partition());
            long next = open == null ? fences.of(partition.partition()).nextOffset() : open;
            Long before = committed.get(partition);
            if (before != null && next > before) {
                committed.put(partition, next);
                offsets.put(partition, new OffsetAndMetadata(next));
            }
        }
        return offsets;
    }

    /** A group that dies before its first event would else begin where the log ends by then. */
    private void commitFirst(TopicPartition partition, long position) {
        committed.put(partition, position);
        try {
            commitSync(Map.of(partition, new OffsetAndMetadata(position)), COMMIT_PATIENCE);
        } catch (CommitFailedException
                | RebalanceInProgressException
                | RetriableCommitFailedException
                | org.apache.kafka.common.errors.TimeoutException e) {
            bus.countUncommitted(Topic.TRANSCRIPTS, e);
            LOG.info("Where {} begins to be read could not be committed: {}", partition, e.getMessage());
        }
    }

    /**
     * A group that could not be given a position when its route started begins where the log ended then, else where it
     * ends now.
     */
    private void beginWhereNew(TopicPartition partition) {
        if (start == null || committed(Set.of(partition)).get(partition) != null) {
            return;
        }
        Long end = start.of(partition);
        if (end == null) {
            seekToEnd(List.of(partition));
        } else {
            seek(partition, end);
        }
    }

    private void readPast(TopicPartition partition) {
        try {
            beginWhereNew(partition);
            long position = position(partition);
            commitFirst(partition, position);
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
