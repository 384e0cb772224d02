package io.rtaa.kafka;

import io.rtaa.call.TranscriptEvent;
import io.rtaa.kafka.BusCounters.Kind;
import io.rtaa.kafka.TranscriptFence.Verdict;
import io.rtaa.wire.KeepAliveJson;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.kafka.common.header.Headers;

/**
 * Stands between camel-kafka and the route: records that the fence lets through become transcript events, without any header;
 * the others end here.
 *
 * <p>Thread-safety: used by the polling thread.
 */
final class TranscriptDelivery implements Processor {

    private final String partialsTopic;
    private final boolean keepAlives;
    private final TranscriptFences fences;
    private final BusCounters counters;
    private final Processor route;

    /** @param keepAlives whether the route gets keep-alives too */
    TranscriptDelivery(
            String partialsTopic, boolean keepAlives, TranscriptFences fences, BusCounters counters, Processor route) {
        this.partialsTopic = partialsTopic;
        this.keepAlives = keepAlives;
        this.fences = fences;
        this.counters = counters;
        this.route = route;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Message message = exchange.getMessage();
        String topic = message.getHeader(KafkaConstants.TOPIC, String.class);
        int partition = message.getHeader(KafkaConstants.PARTITION, Integer.class);
        long offset = message.getHeader(KafkaConstants.OFFSET, Long.class);
        Headers headers = message.getHeader(KafkaConstants.HEADERS, Headers.class);
        byte[] value = message.getBody(byte[].class);
        boolean partial = topic.equals(partialsTopic);
        TranscriptFence fence = fences.of(partition);
        try {
            if (partial && headers.lastHeader(BusHeaders.KEEP_ALIVE) != null) {
                if (keepAlives && !fence.isFenced(headers)) {
                    handOn(KeepAliveJson.read(value), exchange);
                }
                return;
            }
            Verdict verdict = partial ? fence.takePartial(headers, value) : fence.take(offset, headers, value);
            counters.judged(verdict);
        } catch (IllegalArgumentException e) {
            counters.unreadable(topic, partition, offset, e);
            return;
        }
        TranscriptEvent event = fence.event();
        if (event != null) {
            counters.consumed(partial ? Kind.PARTIALS : Kind.TRANSCRIPTS);
            handOn(event, exchange);
        }
    }

    private void handOn(Object body, Exchange exchange) throws Exception {
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setBody(body);
        route.process(exchange);
    }
}
