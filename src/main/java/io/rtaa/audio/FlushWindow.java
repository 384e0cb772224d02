package io.rtaa.audio;

import io.rtaa.call.LegEvent;
import io.rtaa.call.SocketHeaders;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.processor.aggregate.AggregateController;

/**
 * Lets the end of a leg, and a note about it, close the leg's pending window first; a step in front of the aggregator.
 * Other events pass.
 *
 * <p>Thread-safety: any number of legs at once.
 */
public final class FlushWindow implements Processor {

    private final AggregateController windows;

    /** @param windows controls the aggregator that forms the windows */
    public FlushWindow(AggregateController windows) {
        this.windows = windows;
    }

    @Override
    public void process(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        if (body instanceof LegEvent.Ended || body instanceof LegEvent.Noted) {
            windows.forceCompletionOfGroup(exchange.getMessage().getHeader(SocketHeaders.CONNECTION_KEY, String.class));
        }
    }
}
