package io.rtaa.asr;

import io.rtaa.call.AudioOrigin;
import io.rtaa.call.AudioReceipt;
import io.rtaa.call.TranscriptEvent;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives the transcript events of every stream of its recogniser to its route: one exchange an event, for one stream one
 * after another. The receipt of the audio an event covers is settled when the route has taken it without a failure.
 */
class AsrConsumer extends DefaultConsumer implements TranscriptSink {

    private final RecogniserSessions sessions;

    AsrConsumer(AsrEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.sessions = endpoint.sessions();
    }

    @Override
    protected void doStart() throws Exception {
        if (sessions.hasSink()) {
            throw new IllegalStateException("two routes read from "
                    + getEndpoint().getEndpointUri() + "; allowed: one, from which others take by direct: or seda:");
        }
        super.doStart();
        sessions.publishTo(this);
    }

    @Override
    protected void doStop() throws Exception {
        sessions.publishTo(null);
        super.doStop();
    }

    @Override
    public void publish(
            TranscriptEvent event,
            @Nullable AudioOrigin origin,
            @Nullable AudioReceipt receipt,
            Consumer<@Nullable Throwable> published) {
        Exchange exchange = createExchange(false);
        exchange.getMessage().setBody(event);
        if (origin != null) {
            exchange.setProperty(AudioOrigin.PROPERTY, origin);
        }
        if (receipt != null) {
            exchange.setProperty(AudioReceipt.PROPERTY, receipt);
        }
        getAsyncProcessor().process(exchange, doneSync -> {
            Throwable failure = exchange.getException();
            if (failure == null && receipt != null) {
                receipt.settle();
            }
            releaseExchange(exchange, false);
            published.accept(failure);
        });
    }
}
