package io.rtaa.kafka;

import io.rtaa.bus.PublisherMeters;
import io.rtaa.bus.Topic;
import io.rtaa.call.AudioMessage;
import io.rtaa.wire.AudioBytes;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends audio messages, each to its stream's partition. */
class AudioProducer extends KafkaProducer {

    private final AudioEndpoint endpoint;
    private final KafkaBus bus;
    private final PublisherMeters meters;

    AudioProducer(AudioEndpoint endpoint, KafkaBus bus) {
        super(endpoint);
        this.endpoint = endpoint;
        this.bus = bus;
        this.meters = bus.meters().publisher(Topic.AUDIO);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        Publishing.learn(getKafkaProducer(), bus.options().audioTopic(), endpoint.gate());
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        return super.process(exchange, Publishing.watch(exchange, callback, Topic.AUDIO, meters, bus));
    }

    @Override
    protected ProducerRecord<Object, Object> createRecord(Exchange exchange, Message message) {
        endpoint.gate().require();
        if (!(message.getBody() instanceof AudioMessage audio)) {
            throw new IllegalArgumentException("the body is " + message.getBody() + "; allowed: an AudioMessage");
        }
        byte[] key = StreamPartition.key(audio.stream());
        return new ProducerRecord<>(
                bus.options().audioTopic(),
                StreamPartition.of(key, bus.options().partitions()),
                key,
                AudioBytes.write(audio));
    }
}
