package io.rtaa.config;

import io.rtaa.call.TranscriptEvent.CallErased;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends erasures of calls through the route {@code erase-call}.
 *
 * <p>Thread-safety: any thread once it is started; the route runs on a thread of the template's pool.
 */
final class ErasureRoute extends ServiceSupport {

    private static final String ADDRESS = "direct:erase-call?block=false";

    private final CamelContext context;
    private @Nullable ProducerTemplate template;

    ErasureRoute(CamelContext context) {
        this.context = context;
    }

    @Override
    protected void doStart() throws Exception {
        template = context.createProducerTemplate();
        template.start();
    }

    @Override
    protected void doStop() {
        if (template != null) {
            template.stop();
        }
    }

    /** Done when the route has completed; fails with what a step of it threw. */
    CompletionStage<Void> erase(CallErased erasure) {
        CompletableFuture<Exchange> sent = Objects.requireNonNull(template, "started")
                .asyncSend(ADDRESS, exchange -> exchange.getMessage().setBody(erasure));
        return sent.thenCompose(exchange -> exchange.getException() == null
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(exchange.getException()));
    }
}
