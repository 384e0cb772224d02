package io.rtaa.kafka;

import java.util.Map;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.component.kafka.KafkaProducer;
import org.apache.camel.spi.annotations.Component;

/**
 * Stands in for {@link KafkaBusComponent} where routes are checked and not started: takes and refuses the same options,
 * and connects to nothing.
 */
@Component("kafka")
public class StubbedKafkaComponent extends KafkaComponent {

    private final String audioTopic;
    private final String transcriptsTopic;

    /** @param audioTopic the topic of the audio; see {@link KafkaBusOptions} */
    public StubbedKafkaComponent(String audioTopic, String transcriptsTopic) {
        this.audioTopic = audioTopic;
        this.transcriptsTopic = transcriptsTopic;
        // A topic of a team's own need not name them: the service has brokers for every endpoint.
        getConfiguration().setBrokers("127.0.0.1:9092");
    }

    @Override
    protected KafkaEndpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
            throws Exception {
        KafkaEndpoint plain = super.createEndpoint(uri, remaining, parameters);
        String topic = plain.getConfiguration().getTopic();
        if (topic.equals(audioTopic)) {
            AudioEndpoint.requireGroup(plain.getConfiguration());
        } else if (topic.equals(transcriptsTopic)) {
            TranscriptOptions options = TranscriptOptions.take(this, parameters, plain.getConfiguration());
            KafkaEndpoint transcripts = new KafkaEndpoint(uri, this) {
                @Override
                protected KafkaProducer createProducer(KafkaEndpoint endpoint) {
                    options.requireNoSink();
                    return super.createProducer(endpoint);
                }
            };
            transcripts.setConfiguration(plain.getConfiguration());
            return transcripts;
        }
        return plain;
    }
}
