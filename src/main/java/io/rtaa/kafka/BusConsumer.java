package io.rtaa.kafka;

import io.rtaa.bus.BusMeters.Doing;
import io.rtaa.bus.Topic;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client that camel-kafka polls: it finds nothing until its topics are known to be right, nor while Kafka refuses it or
 * cannot do what it asks, and it is watched over, so that a thread that no longer polls is noticed.
 *
 * <p>Thread-safety: as any Kafka consumer.
 */
abstract class BusConsumer extends KafkaConsumer<byte[], byte[]> {

    private static final Logger LOG = LoggerFactory.getLogger(BusConsumer.class);

    /** Kafka's own 30 s would hold up a process that stops while Kafka is away. */
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

    private final Topic topic;
    private final TopicGate gate;
    private final KafkaBus bus;
    private final PollWatch watch;

    /** @param restartHelps as {@link KafkaBus#watchPolls} is told */
    BusConsumer(Properties properties, Topic topic, boolean restartHelps, TopicGate gate, KafkaBus bus) {
        super(properties);
        this.topic = topic;
        this.gate = gate;
        this.bus = bus;
        this.watch = bus.watchPolls(bus.options().nameOf(topic), restartHelps);
    }

    /** What a poll does once the topics are right; where the broker cannot do now what it asks, it is asked again. */
    abstract ConsumerRecords<byte[], byte[]> pollTopics(Duration timeout);

    /** The poll of Kafka's own client. */
    final ConsumerRecords<byte[], byte[]> pollKafka(Duration timeout) {
        return super.poll(timeout);
    }

    @Override
    public final ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        watch.polled();
        if (!gate.isOpenWithin(timeout)) {
            return ConsumerRecords.empty();
        }
        try {
            ConsumerRecords<byte[], byte[]> records = pollTopics(timeout);
            watch.refused(null);
            return records;
        } catch (AuthenticationException | AuthorizationException | RetriableException e) {
            // Whoever runs Kafka can put that right while this process runs; camel-kafka would give up.
            if (watch.refusal() == null) {
                LOG.warn("{} cannot be read, and is tried again: {}", watch.topic(), e.getMessage());
            }
            watch.refused(Answers.reason(e));
            bus.count(topic, Doing.READ, e);
            LockSupport.parkNanos(timeout.toNanos());
            return ConsumerRecords.empty();
        }
    }

    /** Where Kafka is away a group is not left, and takes its member for dead after the time of its session. */
    @Override
    public void close() {
        try {
            close(CLOSE_WITHIN);
        } finally {
            bus.polledNoMore(watch);
        }
    }
}
