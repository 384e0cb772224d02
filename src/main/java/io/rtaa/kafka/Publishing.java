package io.rtaa.kafka;

import io.rtaa.kafka.BusCounters.Kind;
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

    /** Counts what goes out and how long it takes, and tells health what Kafka does not take. */
    static AsyncCallback watch(Exchange exchange, AsyncCallback callback, Kind kind, KafkaBus bus) {
        long began = System.nanoTime();
        return doneSync -> {
            Exception failure = exchange.getException();
            if (failure == null) {
                bus.counters().published(kind, System.nanoTime() - began);
                bus.publishing().taken(kind);
            } else {
                bus.counters().failed(kind);
                // What else fails is the message's own fault, or that of topics, of which their gate tells.
                if (failure instanceof KafkaException) {
                    bus.publishing().failed(kind, failure);
                }
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
