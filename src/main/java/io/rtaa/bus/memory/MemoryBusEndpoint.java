package io.rtaa.bus.memory;

import io.rtaa.bus.SinkName;
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
import org.jspecify.annotations.Nullable;

/** The transcripts within this process: see {@link MemoryBusComponent}. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "memory-bus",
        title = "Memory Bus",
        syntax = "memory-bus:topic",
        category = {Category.MESSAGING})
public class MemoryBusEndpoint extends DefaultEndpoint implements MultipleConsumersSupport {

    /** A second of partials of a thousand calls, or minutes of the finals of a hundred. */
    public static final int DEFAULT_SIZE = 8192;

    static final String TRANSCRIPTS = "transcripts";

    private static final int LEAST_SIZE = 2;
    private static final int MOST_SIZE = 1_000_000;

    @UriPath(description = "What travels on it: transcripts", enums = "transcripts")
    @Metadata(required = true)
    private final String topic;

    @UriParam(label = "consumer", defaultValue = "" + DEFAULT_SIZE)
    private int size = DEFAULT_SIZE;

    @UriParam(label = "consumer")
    private @Nullable String sink;

    private final MemoryBusComponent component;

    MemoryBusEndpoint(String uri, MemoryBusComponent component, String topic) {
        super(uri, component);
        if (!topic.equals(TRANSCRIPTS)) {
            throw new IllegalArgumentException("topic is '" + topic + "'; allowed: " + TRANSCRIPTS);
        }
        this.component = component;
        this.topic = topic;
    }

    /** What travels on it. */
    public String getTopic() {
        return topic;
    }

    public int getSize() {
        return size;
    }

    /**
     * The most events that wait for a reader; default 8192, from 2 to 1,000,000. From half of it on the reader gets no
     * more partials; when it is full, publishers are refused until the reader has taken an event.
     */
    public void setSize(int size) {
        if (size < LEAST_SIZE || size > MOST_SIZE) {
            throw new IllegalArgumentException(
                    "size is " + size + "; allowed: from " + LEAST_SIZE + " to " + MOST_SIZE);
        }
        this.size = size;
    }

    public @Nullable String getSink() {
        return sink;
    }

    /**
     * The {@link SinkName} under which a route reads: it gets no partials, and an event that the route fails on is
     * offered again until the route has completed; later events wait. One route of a process reads under a name. A sink
     * in memory has no position: it gets what is published while its route runs.
     */
    public void setSink(@Nullable String sink) {
        this.sink = sink == null ? null : new SinkName(sink).value();
    }

    MemoryBusComponent component() {
        return component;
    }

    /** Any number of routes read every event; of one sink only one, for two would each get all of it. */
    @Override
    public boolean isMultipleConsumersSupported() {
        return sink == null;
    }

    @Override
    public Producer createProducer() {
        if (sink != null) {
            throw new IllegalArgumentException(
                    "the sink '" + sink + "' is read from; a route that publishes names {{rtaa.bus.transcripts}}");
        }
        return new MemoryBusProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        MemoryBusConsumer consumer = new MemoryBusConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }
}
