package io.rtaa.kafka;

import java.util.List;
import java.util.Properties;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.component.kafka.KafkaConsumer;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.component.kafka.KafkaProducer;
import org.jspecify.annotations.Nullable;

/**
 * The topic of transcript events, and beside it that of partials. Without a {@code groupId} every consumer gets every event,
 * those of the last hours first, and no group is left behind on the broker. With one the processes of the group share
 * the partitions, go on where they were, and get no partials.
 */
class TranscriptEndpoint extends KafkaEndpoint {

    private final KafkaBus bus;
    private final KafkaTranscriptLog log;
    private final boolean keepAlives;
    private @Nullable TopicGate gate;

    /** @param keepAlives whether its reader also gets the keep-alives of quiet calls */
    TranscriptEndpoint(
            String uri,
            KafkaBusComponent component,
            KafkaConfiguration configuration,
            KafkaBus bus,
            boolean keepAlives) {
        super(uri, component);
        this.bus = bus;
        this.keepAlives = keepAlives;
        BusConfiguration.apply(configuration);
        configuration.setAutoCommitEnable(false);
        if (configuration.getGroupId() == null) {
            configuration.setAutoOffsetReset("earliest");
        }
        setConfiguration(configuration);
        this.log = new KafkaTranscriptLog(new KafkaClients(this), bus.options(), bus.counters(), BusTime.system());
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        // Several routes may read: each has a client of its own, and fences that belong to it.
        TranscriptFences fences = new TranscriptFences();
        KafkaEndpoint reader = new KafkaEndpoint(getEndpointUri(), getComponent());
        reader.setCamelContext(getCamelContext());
        reader.setConfiguration(getConfiguration());
        reader.setKafkaClientFactory(new DefaultKafkaClientFactory() {
            @Override
            public org.apache.kafka.clients.consumer.Consumer<?, ?> getConsumer(Properties properties) {
                return getConfiguration().getGroupId() == null
                        ? new WholeTranscriptConsumer(properties, fences, gate(), bus)
                        : new SharedTranscriptConsumer(properties, log, fences, gate(), bus);
            }
        });
        Consumer consumer = new KafkaConsumer(
                reader,
                new TranscriptDelivery(bus.options().partialsTopic(), keepAlives, fences, bus.counters(), processor));
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    protected KafkaProducer createProducer(KafkaEndpoint endpoint) {
        return new TranscriptProducer(this, bus);
    }

    TopicGate gate() {
        if (gate == null) {
            throw new IllegalStateException("kafka:" + getConfiguration().getTopic() + " has not started");
        }
        return gate;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        gate = bus.use(
                new KafkaClients(this), List.of(BusTopic.transcripts(bus.options()), BusTopic.partials(bus.options())));
    }

    @Override
    protected void doStop() throws Exception {
        log.close();
        super.doStop();
    }
}
