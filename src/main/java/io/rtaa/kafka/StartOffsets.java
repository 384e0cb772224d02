package io.rtaa.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the logs ended when a route started that wants nothing of the past. They are asked for before the start
 * returns, so that the route gets whatever is published after it. Where Kafka does not answer then, the polling thread
 * notes where the logs end once it does.
 *
 * <p>Thread-safety: safe; {@link #ask} and {@link #commitFor} are for the thread that starts the route.
 */
final class StartOffsets {

    private static final Logger LOG = LoggerFactory.getLogger(StartOffsets.class);

    /** How long a start waits for Kafka. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final long ASK_AGAIN_MILLIS = 100;

    private final KafkaBusOptions options;
    private volatile @Nullable Map<TopicPartition, Long> ends;

    StartOffsets(KafkaBusOptions options) {
        this.options = options;
    }

    /** Notes where the logs of transcripts and partials end now. */
    void ask(Admin admin) throws InterruptedException {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (int partition = 0; partition < options.partitions(); partition++) {
            latest.put(new TopicPartition(options.transcriptsTopic(), partition), OffsetSpec.latest());
            latest.put(new TopicPartition(options.partialsTopic(), partition), OffsetSpec.latest());
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (ends == null) {
            try {
                Map<TopicPartition, Long> found = new HashMap<>();
                for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end :
                        Answers.await(admin.listOffsets(latest).all(), PATIENCE).entrySet()) {
                    found.put(end.getKey(), end.getValue().offset());
                }
                ends = Map.copyOf(found);
            } catch (TimeoutException | KafkaException e) {
                // A topic that was created a moment ago is not known to every broker yet.
                if (!(e instanceof RetriableException) || System.nanoTime() - deadline > 0) {
                    LOG.info(
                            "Where {} begins to be read is noted later: {}",
                            options.transcriptsTopic(),
                            e.getMessage());
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(ASK_AGAIN_MILLIS);
            }
        }
    }

    /**
     * Commits the offsets for a group that has no position yet, so that it goes on from there even if this process ends
     * before it has read anything. A group that is read already, here or elsewhere, keeps its position.
     */
    void commitFor(String group, Admin admin) throws InterruptedException {
        Map<TopicPartition, Long> known = ends;
        if (known == null) {
            return;
        }
        try {
            Map<TopicPartition, OffsetAndMetadata> committed =
                    Answers.await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(), PATIENCE);
            Map<TopicPartition, OffsetAndMetadata> first = new HashMap<>();
            known.forEach((partition, offset) -> {
                if (partition.topic().equals(options.transcriptsTopic()) && committed.get(partition) == null) {
                    first.put(partition, new OffsetAndMetadata(offset));
                }
            });
            if (!first.isEmpty()) {
                Answers.await(admin.alterConsumerGroupOffsets(group, first).all(), PATIENCE);
            }
        } catch (TimeoutException | KafkaException e) {
            // A group with members has positions, or gets them when it is assigned its partitions.
            LOG.debug("Where the group {} begins is committed later", group, e);
        }
    }

    /** Takes ends that the polling thread has found, unless they are known already. */
    void noteUnlessKnown(Map<TopicPartition, Long> found) {
        if (ends == null) {
            ends = Map.copyOf(found);
        }
    }

    /** Where a partition ended; null while that is not known. */
    @Nullable
    Long of(TopicPartition partition) {
        Map<TopicPartition, Long> known = ends;
        return known == null ? null : known.get(partition);
    }
}
