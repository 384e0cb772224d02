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
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.jspecify.annotations.Nullable;

/** The topic of audio: one process of the group reads a partition at a time, and commits what is final. */
class AudioEndpoint extends KafkaEndpoint {

    private final KafkaBus bus;
    private final KafkaTranscriptLog log;
    private final AudioLeases leases;
    private @Nullable TopicGate gate;
    private volatile boolean consumed;

    AudioEndpoint(String uri, KafkaBusComponent component, KafkaConfiguration configuration, KafkaBus bus) {
        super(uri, component);
        this.bus = bus;
        requireGroup(configuration);
        BusConfiguration.apply(configuration);
        configuration.setAutoCommitEnable(false);
        configuration.setAutoOffsetReset("earliest");
        configuration.setPartitionAssignor(CooperativeStickyAssignor.class.getName());
        setConfiguration(configuration);
        this.log = new KafkaTranscriptLog(new KafkaClients(this), bus, BusTime.system());
        this.leases = new AudioLeases(configuration.getGroupId(), log, bus, BusTime.system());
        setKafkaClientFactory(new DefaultKafkaClientFactory() {
            @Override
            public org.apache.kafka.clients.consumer.Consumer<?, ?> getConsumer(Properties properties) {
                return new LeasedAudioConsumer(properties, leases, gate(), bus);
            }
        });
    }

    /** @throws IllegalArgumentException where the topic is named without a group */
    static void requireGroup(KafkaConfiguration configuration) {
        if (configuration.getGroupId() == null) {
            // The URI is not told: it may hold a login.
            throw new IllegalArgumentException(
                    "kafka:" + configuration.getTopic() + " has no groupId; allowed: the one that all workers share");
        }
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        if (consumed) {
            throw new IllegalStateException("two routes read audio from kafka:"
                    + getConfiguration().getTopic() + "; allowed: one, from which others take by direct: or seda:");
        }
        consumed = true;
        bus.read(leases);
        KafkaConsumer consumer = new KafkaConsumer(this, new AudioDelivery(this, leases, bus, processor)) {
            @Override
            protected void doStop() throws Exception {
                super.doStop();
                // A route that is started again has a consumer of its own.
                consumed = false;
            }
        };
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    protected KafkaProducer createProducer(KafkaEndpoint endpoint) {
        return new AudioProducer(this, bus);
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
        bus.watchAudio(getConfiguration().getGroupId());
        gate = bus.use(
                new KafkaClients(this), List.of(BusTopic.audio(bus.options()), BusTopic.transcripts(bus.options())));
    }

    @Override
    protected void doStop() throws Exception {
        bus.readNoMore();
        log.close();
        super.doStop();
    }
}
