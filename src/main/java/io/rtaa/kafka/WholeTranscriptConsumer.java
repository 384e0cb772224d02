package io.rtaa.kafka;

import io.rtaa.bus.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The client that camel-kafka polls for every event there is: it assigns itself all partitions and begins some time back, and
 * so needs no group. A reader that wants nothing of the past reads it all the same, to know what to drop.
 *
 * <p>Thread-safety: as any Kafka consumer.
 */
final class WholeTranscriptConsumer extends BusConsumer {

    private final KafkaBusOptions options;
    private final TranscriptFences fences;
    private final @Nullable StartOffsets start;
    private boolean positioned;

    /** @param start where the reader begins that wants nothing of the past; null for one that does */
    WholeTranscriptConsumer(
            Properties properties,
            TranscriptFences fences,
            @Nullable StartOffsets start,
            TopicGate gate,
            KafkaBus bus) {
        super(properties, Topic.TRANSCRIPTS, true, gate, bus);
        this.options = bus.options();
        this.fences = fences;
        this.start = start;
    }

    /** Which partitions, is told by the options. */
    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
        positioned = false;
    }

    @Override
    ConsumerRecords<byte[], byte[]> pollTopics(Duration timeout) {
        if (!positioned) {
            position();
            positioned = true;
        }
        return pollKafka(timeout);
    }

    private void position() {
        List<TopicPartition> transcripts = partitions(options.transcriptsTopic());
        List<TopicPartition> partials = partitions(options.partialsTopic());
        List<TopicPartition> all = new ArrayList<>(transcripts);
        all.addAll(partials);
        assign(all);
        seekToEnd(partials);
        // Asked for first: what is written from now on lies behind these ends, and is read.
        Map<TopicPartition, Long> ends = endOffsets(transcripts);
        if (start != null) {
            start.noteUnlessKnown(ends);
        }
        Map<TopicPartition, Long> from = new HashMap<>();
        // Without the past it would not be known which events are to be dropped.
        Duration past = start == null ? options.pastOnStart() : options.lookBack();
        long since = System.currentTimeMillis() - past.toMillis();
        transcripts.forEach(partition -> from.put(partition, since));
        Map<TopicPartition, OffsetAndTimestamp> found = offsetsForTimes(from);
        for (TopicPartition partition : transcripts) {
            OffsetAndTimestamp first = found.get(partition);
            long next = fences.of(partition.partition()).nextOffset();
            if (next > 0) {
                seek(partition, next);
            } else {
                seek(partition, first == null ? ends.getOrDefault(partition, 0L) : first.offset());
            }
        }
    }

    private List<TopicPartition> partitions(String topic) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (int number = 0; number < options.partitions(); number++) {
            partitions.add(new TopicPartition(topic, number));
        }
        return partitions;
    }
}
