package io.rtaa.kafka;

import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Makes the clients that the bus has beside those of its routes. They reach the broker as the endpoint does: same addresses,
 * TLS and SASL.
 */
final class KafkaClients {

    /** The longest a request may take, milliseconds. */
    private static final int REQUEST_TIMEOUT_MILLIS = 4000;

    private static final int API_TIMEOUT_MILLIS = 5000;

    /** Many small records are read at once. */
    private static final int PAST_FETCH_BYTES = 4 * 1024 * 1024;

    private static final int PAST_RECORDS = 5000;

    private final KafkaEndpoint endpoint;

    KafkaClients(KafkaEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    Admin admin() {
        Properties properties = of(endpoint.getConfiguration().createProducerProperties());
        keepOnly(properties, AdminClientConfig.configNames());
        properties.putAll(Map.of(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                REQUEST_TIMEOUT_MILLIS,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                API_TIMEOUT_MILLIS));
        return Admin.create(properties);
    }

    /** For claims: never blocks who sends. */
    Producer<byte[], byte[]> producer() {
        Properties properties = of(endpoint.getConfiguration().createProducerProperties());
        keepOnly(properties, ProducerConfig.configNames());
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** For reading the past: knows no group. */
    Consumer<byte[], byte[]> reader() {
        Properties properties = of(endpoint.getConfiguration().createConsumerProperties());
        keepOnly(properties, ConsumerConfig.configNames());
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        properties.putAll(Map.of(
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                PAST_FETCH_BYTES,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                PAST_RECORDS,
                ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                REQUEST_TIMEOUT_MILLIS,
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                API_TIMEOUT_MILLIS));
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Properties of(Properties configured) {
        KafkaConfiguration configuration = endpoint.getConfiguration();
        endpoint.updateClassProperties(configured);
        configured.put(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                endpoint.getKafkaClientFactory().getBrokers(configuration));
        return configured;
    }

    private static void keepOnly(Properties properties, Set<String> names) {
        properties.keySet().retainAll(names);
    }
}
