package io.rtaa.asr;

import io.rtaa.call.AudioOrigin;
import io.rtaa.call.AudioReceipt;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.routes.StepFailure;
import java.util.function.Consumer;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;

/**
 * Gives the transcript events of every stream of its recogniser to its route: one exchange an event, for one stream one
 * after another. The receipt of the audio an event covers is settled when the route has taken it.
 *
 * <p>An event whose route fails is given up: what readers need of it goes to the component's {@code givenUpUri} under
 * the same {@code seq}, a final as a {@code gap}. So a reader gets one or the other, even where the final had reached
 * the bus before a later step failed. Then the receipt is settled too. Only a process that stops while the bus is away
 * keeps the receipt: another one recognises the audio again.
 */
class AsrConsumer extends DefaultConsumer implements TranscriptSink {

    private final RecogniserSessions sessions;
    private final @Nullable String givenUpUri;
    private @Nullable AsyncProducer givenUp;

    AsrConsumer(AsrEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.sessions = endpoint.sessions();
        this.givenUpUri = endpoint.component().getGivenUpUri();
    }

    @Override
    protected void doStart() throws Exception {
        if (sessions.hasSink()) {
            throw new IllegalStateException("two routes read from "
                    + getEndpoint().getEndpointUri() + "; allowed: one, from which others take by direct: or seda:");
        }
        super.doStart();
        if (givenUpUri != null && givenUp == null) {
            givenUp = getEndpoint().getCamelContext().getEndpoint(givenUpUri).createAsyncProducer();
            ServiceHelper.startService(givenUp);
        }
        sessions.publishTo(this);
    }

    @Override
    protected void doStop() throws Exception {
        sessions.publishTo(null);
        super.doStop();
    }

    /** The last events may still be given up after the consumer has stopped. */
    @Override
    protected void doShutdown() throws Exception {
        ServiceHelper.stopAndShutdownService(givenUp);
        super.doShutdown();
    }

    @Override
    public void publish(
            TranscriptEvent event,
            @Nullable AudioOrigin origin,
            @Nullable AudioReceipt receipt,
            Consumer<@Nullable Throwable> published) {
        Exchange exchange = exchange(event, origin, receipt);
        getAsyncProcessor().process(exchange, doneSync -> {
            StepFailure failure = StepFailure.of(exchange);
            releaseExchange(exchange, false);
            if (failure == null) {
                settle(receipt);
                published.accept(null);
            } else if (failure.isOutage() && isProcessStopping()) {
                published.accept(failure.cause());
            } else {
                giveUp(event, origin, receipt, failure, published);
            }
        });
    }

    private void giveUp(
            TranscriptEvent event,
            @Nullable AudioOrigin origin,
            @Nullable AudioReceipt receipt,
            StepFailure failure,
            Consumer<@Nullable Throwable> published) {
        failure.countGivenUp();
        TranscriptEvent instead = GivenUpEvent.instead(event, failure.reason());
        if (instead instanceof Gap gap && !(event instanceof Gap)) {
            sessions.toldAsLost(gap);
        }
        AsyncProducer target = givenUp;
        if (instead == null || target == null) {
            settle(receipt);
            published.accept(null);
            return;
        }
        Exchange exchange = exchange(instead, origin, receipt);
        target.process(exchange, doneSync -> {
            Throwable again = exchange.getException();
            releaseExchange(exchange, false);
            if (again == null || !isProcessStopping()) {
                settle(receipt);
            }
            published.accept(again);
        });
    }

    private Exchange exchange(TranscriptEvent event, @Nullable AudioOrigin origin, @Nullable AudioReceipt receipt) {
        Exchange exchange = createExchange(false);
        exchange.getMessage().setBody(event);
        if (origin != null) {
            exchange.setProperty(AudioOrigin.PROPERTY, origin);
        }
        if (receipt != null) {
            exchange.setProperty(AudioReceipt.PROPERTY, receipt);
        }
        return exchange;
    }

    private boolean isProcessStopping() {
        return isStoppingOrStopped() || getEndpoint().getCamelContext().isStopping();
    }

    private static void settle(@Nullable AudioReceipt receipt) {
        if (receipt != null) {
            receipt.settle();
        }
    }
}
