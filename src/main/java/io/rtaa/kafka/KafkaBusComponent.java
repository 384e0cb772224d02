package io.rtaa.kafka;

import java.util.Map;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.spi.annotations.Component;

/**
 * camel-kafka's component, whose endpoints for the topics of the bus carry {@link io.rtaa.call.AudioMessage} and {@link
 * io.rtaa.call.TranscriptEvent} bodies and keep the bus' promises. Any other topic is camel-kafka's own affair, and all its
 * options, TLS and SASL among them, hold for both.
 */
@Component("kafka")
public class KafkaBusComponent extends KafkaComponent {

    private final KafkaBus bus;

    public KafkaBusComponent(KafkaBus bus) {
        this.bus = bus;
    }

    @Override
    protected KafkaEndpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
            throws Exception {
        KafkaEndpoint plain = super.createEndpoint(uri, remaining, parameters);
        String topic = plain.getConfiguration().getTopic();
        if (topic.equals(bus.options().audioTopic())) {
            return new AudioEndpoint(uri, this, plain.getConfiguration(), bus);
        }
        if (topic.equals(bus.options().transcriptsTopic())) {
            TranscriptOptions options = TranscriptOptions.take(this, parameters, plain.getConfiguration());
            return new TranscriptEndpoint(uri, this, plain.getConfiguration(), bus, options);
        }
        return plain;
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        bus.close();
    }
}
