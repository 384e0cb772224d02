package io.rtaa.bus.memory;

import io.rtaa.bus.PublisherMeters;
import io.rtaa.bus.Topic;
import io.rtaa.call.TranscriptEvent;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/** Publishes transcript events; done when every reader has the event in its queue. Never blocks. */
class MemoryBusProducer extends DefaultProducer {

    private final MemoryTopic topic;
    private final PublisherMeters transcripts;
    private final PublisherMeters partials;

    MemoryBusProducer(MemoryBusEndpoint endpoint) {
        super(endpoint);
        this.topic = endpoint.component().transcripts();
        this.transcripts = endpoint.component().meters().publisher(Topic.TRANSCRIPTS);
        this.partials = endpoint.component().meters().publisher(Topic.PARTIALS);
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        TranscriptEvent event = exchange.getMessage().getMandatoryBody(TranscriptEvent.class);
        PublisherMeters meters = event.isLiveOnly() ? partials : transcripts;
        meters.offered(exchange);
        long began = System.nanoTime();
        topic.publish(event);
        meters.published(began);
    }
}
