package io.rtaa.bus.memory;

import io.rtaa.call.TranscriptEvent;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/** Publishes transcript events; done when every reader has the event in its queue. Never blocks. */
class MemoryBusProducer extends DefaultProducer {

    private final MemoryTopic topic;

    MemoryBusProducer(MemoryBusEndpoint endpoint) {
        super(endpoint);
        this.topic = endpoint.component().transcripts();
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        topic.publish(exchange.getMessage().getMandatoryBody(TranscriptEvent.class));
    }
}
