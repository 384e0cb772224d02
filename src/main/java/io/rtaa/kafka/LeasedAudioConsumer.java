package io.rtaa.kafka;

import io.rtaa.bus.Topic;
import java.time.Duration;
import java.util.Collection;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The client that camel-kafka polls for audio: around each poll it lets {@link AudioLeases} do what is to be done on the
 * polling thread.
 *
 * <p>Thread-safety: as any Kafka consumer.
 */
final class LeasedAudioConsumer extends BusConsumer {

    /** While a partition is being taken over its steps are looked at so often. */
    private static final Duration TAKE_OVER_STEP = Duration.ofMillis(20);

    private final AudioLeases leases;
    private final @Nullable Metric fetches;

    LeasedAudioConsumer(Properties properties, AudioLeases leases, TopicGate gate, KafkaBus bus) {
        super(properties, Topic.AUDIO, true, gate, bus);
        this.leases = leases;
        this.fetches = metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("fetch-total")
                        && metric.metricName().group().equals("consumer-fetch-manager-metrics"))
                .findFirst()
                .orElse(null);
        leases.readBy(this);
    }

    /** The listener that is given has nothing to do: offsets are committed by the leases. */
    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
        super.subscribe(topics, leases);
    }

    @Override
    ConsumerRecords<byte[], byte[]> pollTopics(Duration timeout) {
        leases.beforePoll();
        Duration wait = leases.isTakingOver() && timeout.compareTo(TAKE_OVER_STEP) > 0 ? TAKE_OVER_STEP : timeout;
        ConsumerRecords<byte[], byte[]> records = pollKafka(wait);
        leases.afterPoll(records.count(), fetches == null ? 0 : (double) fetches.metricValue());
        return records;
    }

    /** A partition that is not taken over stays paused, whoever resumes. */
    @Override
    public void resume(Collection<TopicPartition> partitions) {
        super.resume(partitions.stream().filter(leases::isReadable).toList());
    }
}
