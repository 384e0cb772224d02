package io.rtaa.asr;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/** One end of a recogniser: see {@link AsrComponent}. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "asr",
        title = "Speech recognition",
        syntax = "asr:provider",
        category = {Category.AI})
public class AsrEndpoint extends DefaultEndpoint {

    @UriPath(description = "The recogniser's name, as it was registered")
    private final String provider;

    private final RecogniserSessions sessions;

    AsrEndpoint(String uri, AsrComponent component, String provider, RecogniserSessions sessions) {
        super(uri, component);
        this.provider = provider;
        this.sessions = sessions;
    }

    /** The recogniser's name. */
    public String getProvider() {
        return provider;
    }

    RecogniserSessions sessions() {
        return sessions;
    }

    @Override
    public Producer createProducer() {
        return new AsrProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        AsrConsumer consumer = new AsrConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }
}
