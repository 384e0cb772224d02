package io.rtaa.kafka;

import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * A client that camel-kafka polls: it finds nothing until its topics are known to be right, and it is watched over, so that a
 * thread that no longer polls is noticed.
 *
 * <p>Thread-safety: as any Kafka consumer.
 */
abstract class BusConsumer extends KafkaConsumer<byte[], byte[]> {

    private final TopicGate gate;
    private final KafkaBus bus;
    private final PollWatch watch;

    BusConsumer(Properties properties, String topic, TopicGate gate, KafkaBus bus) {
        super(properties);
        this.gate = gate;
        this.bus = bus;
        this.watch = bus.watchPolls(topic);
    }

    /** What a poll does once the topics are right. */
    abstract ConsumerRecords<byte[], byte[]> pollTopics(Duration timeout);

    /** The poll of Kafka's own client. */
    final ConsumerRecords<byte[], byte[]> pollKafka(Duration timeout) {
        return super.poll(timeout);
    }

    @Override
    public final ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        watch.polled();
        return gate.isOpenWithin(timeout) ? pollTopics(timeout) : ConsumerRecords.empty();
    }

    @Override
    public void close() {
        bus.polledNoMore(watch);
        super.close();
    }
}
