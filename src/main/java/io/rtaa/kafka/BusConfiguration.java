package io.rtaa.kafka;

import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.component.kafka.PollOnError;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The options of the bus' endpoints on which its promises rest, and which nobody may set otherwise. */
final class BusConfiguration {

    /** Topics that nothing was sent to for less are kept in mind, so that a send need not ask for them first. */
    private static final Duration REMEMBER_TOPICS = Duration.ofDays(1);

    /** Messages of a poll: 40 s of audio at most, should they all be one call's. Sessions keep more than that. */
    private static final int MAX_POLL_RECORDS = 200;

    private BusConfiguration() {}

    static void apply(KafkaConfiguration configuration) {
        configuration.setKeySerializer(ByteArraySerializer.class.getName());
        configuration.setValueSerializer(ByteArraySerializer.class.getName());
        configuration.setKeyDeserializer(ByteArrayDeserializer.class.getName());
        configuration.setValueDeserializer(ByteArrayDeserializer.class.getName());
        configuration.setHeaderFilterStrategy(new NoHeaders());
        configuration.setUseIterator(false);
        configuration.setRecordMetadata(false);
        configuration.setBatching(false);
        configuration.setMaxPollRecords(MAX_POLL_RECORDS);
        configuration.setConsumersCount(1);
        configuration.setBreakOnFirstError(false);
        configuration.setPollOnError(PollOnError.RECONNECT);
        // A record that two replicas have not got is not published.
        configuration.setRequestRequiredAcks("all");
        configuration.setEnableIdempotence(true);
        // Who sends may be an event loop: what cannot be taken at once fails, and the route tries again.
        configuration.setMaxBlockMs(0);
        configuration
                .getAdditionalProperties()
                .put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, Long.toString(REMEMBER_TOPICS.toMillis()));
        configuration.getAdditionalProperties().put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        configuration.getAdditionalProperties().put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, "10000");
    }

    /** Nothing from outside becomes a header of a message, and no header of a message goes out. */
    private static final class NoHeaders implements HeaderFilterStrategy {

        @Override
        public boolean applyFilterToCamelHeaders(String name, @Nullable Object value, Exchange exchange) {
            return true;
        }

        @Override
        public boolean applyFilterToExternalHeaders(String name, @Nullable Object value, Exchange exchange) {
            return true;
        }
    }
}
