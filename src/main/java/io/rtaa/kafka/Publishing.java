package io.rtaa.kafka;

import io.rtaa.bus.BusMeters.Doing;
import io.rtaa.bus.PublisherMeters;
import io.rtaa.bus.Topic;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the producers of the bus have in common. */
final class Publishing {

    private static final Logger LOG = LoggerFactory.getLogger(Publishing.class);

    private Publishing() {}

    /**
     * Counts what goes out and how long it takes, and tells health what Kafka does not take.
     *
     * @param meters those of the topic
     */
    static AsyncCallback watch(
            Exchange exchange, AsyncCallback callback, Topic topic, PublisherMeters meters, KafkaBus bus) {
        meters.offered(exchange);
        long began = System.nanoTime();
        return doneSync -> {
            Exception failure = exchange.getException();
            if (failure == null) {
                meters.published(began);
                bus.publishing().taken(topic);
            } else if (failure instanceof KafkaException) {
                bus.count(topic, Doing.PUBLISH, failure);
                bus.publishFailed(topic, failure);
            } else if (failure instanceof TopicsException) {
                // Of topics their gate tells health. What else fails is the message's own fault.
                bus.count(topic, Doing.PUBLISH, failure);
            }
            callback.done(doneSync);
        };
    }

    /**
     * Has the client ask where a topic lies, so that the first message need not wait. Returns at once. A topic that may not be
     * there is not asked for, as a broker might then make it in its own way.
     */
    static void learn(Producer<?, ?> client, String topic, TopicGate gate) {
        if (gate.fault() == null) {
            try {
                client.partitionsFor(topic);
            } catch (RetriableException e) {
                LOG.debug("{} is asked for", topic, e);
            }
        }
    }
}
