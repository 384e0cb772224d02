package io.rtaa.redis;

import io.rtaa.bus.SinkName;
import java.util.Objects;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/** One topic of the bus: see {@link RedisStreamsComponent}. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "redis-streams",
        title = "Redis Streams",
        syntax = "redis-streams:topic",
        category = {Category.MESSAGING})
public class RedisStreamsEndpoint extends DefaultEndpoint implements MultipleConsumersSupport {

    static final String AUDIO = "audio";
    static final String TRANSCRIPTS = "transcripts";

    @UriPath(description = "What travels on it: audio or transcripts", enums = "audio,transcripts")
    @Metadata(required = true)
    private final String topic;

    @UriParam
    private final RedisStreamsConfiguration configuration;

    private final RedisStreamsComponent component;

    RedisStreamsEndpoint(
            String uri, RedisStreamsComponent component, String topic, RedisStreamsConfiguration configuration) {
        super(uri, component);
        if (!topic.equals(AUDIO) && !topic.equals(TRANSCRIPTS)) {
            throw new IllegalArgumentException("topic is '" + topic + "'; allowed: " + AUDIO + ", " + TRANSCRIPTS);
        }
        this.component = component;
        this.topic = topic;
        this.configuration = configuration;
    }

    /** What travels on it. */
    public String getTopic() {
        return topic;
    }

    /** Its options. */
    public RedisStreamsConfiguration getConfiguration() {
        return configuration;
    }

    RedisStreamsComponent component() {
        return component;
    }

    /** Any number of routes read every event; of a group or sink one route of a process does. */
    @Override
    public boolean isMultipleConsumersSupported() {
        return topic.equals(TRANSCRIPTS) && configuration.getGroup() == null && configuration.getSink() == null;
    }

    @Override
    public Producer createProducer() {
        if (configuration.getSink() != null) {
            throw new IllegalArgumentException("the sink '" + configuration.getSink()
                    + "' is read from; a route that publishes names {{rtaa.bus.transcripts}}");
        }
        return topic.equals(AUDIO) ? new AudioProducer(this) : new TranscriptProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        RedisStreamsConsumer consumer;
        String sink = configuration.getSink();
        if (sink != null && (topic.equals(AUDIO) || configuration.getGroup() != null)) {
            throw new IllegalArgumentException("sink is '" + sink + "' beside "
                    + (topic.equals(AUDIO) ? "the topic audio" : "group '" + configuration.getGroup() + "'")
                    + "; allowed: with transcripts, and without a group");
        }
        if (topic.equals(AUDIO)) {
            String group =
                    Objects.requireNonNullElse(configuration.getGroup(), RedisStreamsConfiguration.DEFAULT_AUDIO_GROUP);
            consumer = new AudioConsumer(this, processor, group);
        } else if (sink != null) {
            consumer = new TranscriptGroupConsumer(this, processor, new SinkName(sink).group(), true);
        } else if (configuration.getGroup() != null) {
            consumer = new TranscriptGroupConsumer(this, processor, configuration.getGroup(), false);
        } else {
            consumer = new TranscriptTail(this, processor);
        }
        configureConsumer(consumer);
        return consumer;
    }
}
