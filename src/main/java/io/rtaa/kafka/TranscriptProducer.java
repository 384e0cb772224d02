package io.rtaa.kafka;

import io.rtaa.bus.PublisherMeters;
import io.rtaa.bus.Topic;
import io.rtaa.call.AudioOrigin;
import io.rtaa.call.KeepAlive;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.CallErased;
import io.rtaa.call.TranscriptEvent.Partial;
import io.rtaa.wire.KeepAliveJson;
import io.rtaa.wire.TranscriptJson;
import java.nio.charset.StandardCharsets;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Sends transcript events to their stream's partition, under the epoch their audio was read with. */
class TranscriptProducer extends KafkaProducer {

    private final TranscriptEndpoint endpoint;
    private final KafkaBus bus;
    private final PublisherMeters transcripts;
    private final PublisherMeters partials;
    private final LastSeqs lastSeqs = new LastSeqs();

    TranscriptProducer(TranscriptEndpoint endpoint, KafkaBus bus) {
        super(endpoint);
        this.endpoint = endpoint;
        this.bus = bus;
        this.transcripts = bus.meters().publisher(Topic.TRANSCRIPTS);
        this.partials = bus.meters().publisher(Topic.PARTIALS);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        Publishing.learn(getKafkaProducer(), bus.options().transcriptsTopic(), endpoint.gate());
        Publishing.learn(getKafkaProducer(), bus.options().partialsTopic(), endpoint.gate());
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        Object body = exchange.getMessage().getBody();
        boolean isLiveOnly = body instanceof KeepAlive || (body instanceof TranscriptEvent event && event.isLiveOnly());
        Topic topic = isLiveOnly ? Topic.PARTIALS : Topic.TRANSCRIPTS;
        PublisherMeters meters = topic == Topic.PARTIALS ? partials : transcripts;
        AsyncCallback watched = Publishing.watch(exchange, callback, topic, meters, bus);
        return super.process(exchange, doneSync -> {
            if (exchange.getException() == null && body instanceof TranscriptEvent published) {
                isOut(published, exchange);
            }
            watched.done(doneSync);
        });
    }

    private void isOut(TranscriptEvent event, Exchange exchange) {
        if (event instanceof CallEnded ended) {
            lastSeqs.forget(event.stream());
            if (lease(exchange) instanceof PartitionLease lease) {
                lease.over(ended);
            }
        } else if (!(event.isLiveOnly() || event instanceof CallErased)) {
            lastSeqs.put(event.stream(), event.seq());
        }
    }

    @Override
    protected ProducerRecord<Object, Object> createRecord(Exchange exchange, Message message) {
        endpoint.gate().require();
        if (message.getBody() instanceof KeepAlive alive) {
            return keepAlive(alive);
        }
        if (!(message.getBody() instanceof TranscriptEvent event)) {
            throw new IllegalArgumentException("the body is no TranscriptEvent, which alone is allowed");
        }
        byte[] key = StreamPartition.key(event.stream());
        ProducerRecord<Object, Object> record = new ProducerRecord<>(
                event.isLiveOnly()
                        ? bus.options().partialsTopic()
                        : bus.options().transcriptsTopic(),
                StreamPartition.of(key, bus.options().partitions()),
                key,
                TranscriptJson.write(event).getBytes(StandardCharsets.UTF_8));
        addEpoch(lease(exchange), record);
        if (event instanceof Partial) {
            record.headers().add(BusHeaders.AFTER, BusHeaders.bytes(lastSeqs.get(event.stream())));
        }
        return record;
    }

    /** Goes with the partials, which are kept for minutes only. */
    private ProducerRecord<Object, Object> keepAlive(KeepAlive alive) {
        byte[] key = StreamPartition.key(alive.stream());
        ProducerRecord<Object, Object> record = new ProducerRecord<>(
                bus.options().partialsTopic(),
                StreamPartition.of(key, bus.options().partitions()),
                key,
                KeepAliveJson.write(alive));
        record.headers().add(BusHeaders.KEEP_ALIVE, BusHeaders.bytes(alive.timestampMillis()));
        addEpoch(alive.origin(), record);
        return record;
    }

    private static void addEpoch(@Nullable AudioOrigin origin, ProducerRecord<Object, Object> record) {
        if (origin instanceof PartitionLease lease) {
            record.headers().add(BusHeaders.EPOCH, BusHeaders.bytes(lease.epoch()));
        }
    }

    /** Null where the event's audio came over another bus. */
    private static @Nullable AudioOrigin lease(Exchange exchange) {
        return exchange.getProperty(AudioOrigin.PROPERTY, AudioOrigin.class);
    }
}
