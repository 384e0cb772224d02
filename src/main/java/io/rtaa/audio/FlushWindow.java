package io.rtaa.audio;

import io.rtaa.call.LegEvent;
import io.rtaa.call.SocketHeaders;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.processor.aggregate.AggregateController;

/**
 * Lets the end of a leg close the leg's pending window before it; a step in front of the aggregator. Other events pass.
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
        if (exchange.getMessage().getBody() instanceof LegEvent.Ended) {
            windows.forceCompletionOfGroup(exchange.getMessage().getHeader(SocketHeaders.CONNECTION_KEY, String.class));
        }
    }
}
