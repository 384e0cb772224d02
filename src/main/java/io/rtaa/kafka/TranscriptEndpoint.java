package io.rtaa.kafka;

import io.rtaa.bus.SinkName;
import io.rtaa.bus.Topic;
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
 *
 * <p>Three options are the bus' own. With {@code fromNow=true} a consumer without a group gets what is published from
 * the start of its route on. {@code sink=NAME} is a {@link SinkName}: a group of its own that begins, where the name is
 * new, at the start of the route, and that is offered an event again on which its route fails. One route of a process
 * reads under it. With {@code keepAlives=true} a reader without a group also gets the keep-alives of quiet calls.
 */
class TranscriptEndpoint extends KafkaEndpoint {

    private final KafkaBus bus;
    private final KafkaTranscriptLog log;
    private final TranscriptOptions options;
    private @Nullable TopicGate gate;

    TranscriptEndpoint(
            String uri,
            KafkaBusComponent component,
            KafkaConfiguration configuration,
            KafkaBus bus,
            TranscriptOptions options) {
        super(uri, component);
        this.bus = bus;
        this.options = options;
        SinkName sink = options.sink();
        if (sink != null) {
            configuration.setGroupId(bus.options().transcriptsTopic() + "." + sink.group());
            // For a sink that was away for longer than events are kept.
            configuration.setAutoOffsetReset("earliest");
        }
        BusConfiguration.apply(configuration);
        configuration.setAutoCommitEnable(false);
        if (configuration.getGroupId() == null) {
            configuration.setAutoOffsetReset("earliest");
        }
        setConfiguration(configuration);
        this.log = new KafkaTranscriptLog(new KafkaClients(this), bus, BusTime.system());
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        // Several routes may read: each has a client of its own, and fences that belong to it.
        TranscriptFences fences = new TranscriptFences();
        SinkName sink = options.sink();
        StartOffsets start = sink != null || options.fromNow() ? new StartOffsets(bus.options()) : null;
        String group = getConfiguration().getGroupId();
        String label = sink == null ? group : sink.group();
        FailedEvents failed = new FailedEvents();
        SharedPartitions reading = new SharedPartitions(BusTime.system());
        KafkaEndpoint reader = new KafkaEndpoint(getEndpointUri(), getComponent()) {
            @Override
            public boolean isMultipleConsumersSupported() {
                return TranscriptEndpoint.this.isMultipleConsumersSupported();
            }
        };
        reader.setCamelContext(getCamelContext());
        reader.setConfiguration(getConfiguration());
        reader.setKafkaClientFactory(new DefaultKafkaClientFactory() {
            @Override
            public org.apache.kafka.clients.consumer.Consumer<?, ?> getConsumer(Properties properties) {
                return group == null
                        ? new WholeTranscriptConsumer(properties, fences, start, gate(), bus)
                        : new SharedTranscriptConsumer(properties, log, fences, start, failed, reading, gate(), bus);
            }
        });
        // A sink that has a position goes on from there, however long ago that was.
        Processor delivery = new TranscriptDelivery(
                bus,
                label,
                options.keepAlives(),
                fences,
                sink == null ? start : null,
                group == null ? null : failed,
                processor);
        Consumer consumer = new KafkaConsumer(reader, delivery) {
            private @Nullable GroupWatch watched;

            @Override
            protected void doStart() throws Exception {
                if (start != null) {
                    begin(start);
                }
                super.doStart();
                if (group != null) {
                    watched = bus.watch(Topic.TRANSCRIPTS, group, label);
                    watched.readBy(reading);
                }
            }

            @Override
            protected void doStop() throws Exception {
                try {
                    super.doStop();
                } finally {
                    if (watched != null) {
                        bus.watchNoMore(watched);
                        watched = null;
                    }
                }
            }
        };
        configureConsumer(consumer);
        return consumer;
    }

    /** Before the start returns, so that a reader gets whatever is published after it. */
    private void begin(StartOffsets start) throws InterruptedException {
        start.ask(bus.admin());
        if (options.sink() != null) {
            start.commitFor(getConfiguration().getGroupId(), bus.admin());
        }
    }

    /** Any number of routes read; of a sink one route of a process does. */
    @Override
    public boolean isMultipleConsumersSupported() {
        return options.sink() == null;
    }

    @Override
    protected KafkaProducer createProducer(KafkaEndpoint endpoint) {
        options.requireNoSink();
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
