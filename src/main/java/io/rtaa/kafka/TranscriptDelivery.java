package io.rtaa.kafka;

import io.rtaa.call.KeepAlive;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.kafka.BusCounters.Kind;
import io.rtaa.kafka.TranscriptFence.Verdict;
import io.rtaa.routes.GivenUpException;
import io.rtaa.wire.KeepAliveJson;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

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
    private final @Nullable StartOffsets start;
    private final @Nullable FailedEvents failed;
    private final BusCounters counters;
    private final Processor route;

    /**
     * @param keepAlives whether the route gets keep-alives too
     * @param start events before these are judged and not handed on; null for none
     * @param failed keeps the events that the route fails on; null where they are passed over
     */
    TranscriptDelivery(
            String partialsTopic,
            boolean keepAlives,
            TranscriptFences fences,
            @Nullable StartOffsets start,
            @Nullable FailedEvents failed,
            BusCounters counters,
            Processor route) {
        this.partialsTopic = partialsTopic;
        this.keepAlives = keepAlives;
        this.fences = fences;
        this.start = start;
        this.failed = failed;
        this.counters = counters;
        this.route = route;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Message message = exchange.getMessage();
        String topic = message.getHeader(KafkaConstants.TOPIC, String.class);
        int partition = message.getHeader(KafkaConstants.PARTITION, Integer.class);
        long offset = message.getHeader(KafkaConstants.OFFSET, Long.class);
        if (topic.equals(partialsTopic) && isKeepAlive(message)) {
            handOnKeepAlive(exchange, partition);
            return;
        }
        if (failed != null && failed.comesAgain(partition)) {
            return;
        }
        TranscriptEvent again = failed == null ? null : failed.at(partition, offset);
        TranscriptEvent event = again == null ? judged(message, topic, partition, offset) : again;
        if (event == null || isPast(topic, partition, offset)) {
            return;
        }
        counters.consumed(topic.equals(partialsTopic) ? Kind.PARTIALS : Kind.TRANSCRIPTS);
        message.removeHeaders("*");
        message.setBody(event);
        if (failed == null) {
            route.process(exchange);
        } else {
            offer(exchange, event, partition, offset, failed);
        }
    }

    /** The event of a record that the fence lets through; else null. */
    private @Nullable TranscriptEvent judged(Message message, String topic, int partition, long offset) {
        Headers headers = message.getHeader(KafkaConstants.HEADERS, Headers.class);
        byte[] value = message.getBody(byte[].class);
        TranscriptFence fence = fences.of(partition);
        try {
            Verdict verdict = topic.equals(partialsTopic)
                    ? fence.takePartial(headers, value)
                    : fence.take(offset, headers, value);
            counters.judged(verdict);
        } catch (IllegalArgumentException e) {
            counters.unreadable(topic, partition, offset, e);
            return null;
        }
        return fence.event();
    }

    private boolean isPast(String topic, int partition, long offset) {
        Long first = start == null ? null : start.of(new TopicPartition(topic, partition));
        return first != null && offset < first;
    }

    /** Runs the route of a group; where it fails, the event comes again, until it is given up. */
    private void offer(Exchange exchange, TranscriptEvent event, int partition, long offset, FailedEvents events) {
        try {
            route.process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        Exception failure = GivenUpException.failureOf(exchange);
        exchange.setException(null);
        if (failure == null || !events.offersAgain(partition, offset, event, exchange, failure)) {
            events.done(partition);
        } else {
            counters.retried();
        }
    }

    private static boolean isKeepAlive(Message message) {
        return message.getHeader(KafkaConstants.HEADERS, Headers.class).lastHeader(BusHeaders.KEEP_ALIVE) != null;
    }

    private void handOnKeepAlive(Exchange exchange, int partition) throws Exception {
        Message message = exchange.getMessage();
        Headers headers = message.getHeader(KafkaConstants.HEADERS, Headers.class);
        if (!keepAlives || fences.of(partition).isFenced(headers)) {
            return;
        }
        KeepAlive keepAlive;
        try {
            keepAlive = KeepAliveJson.read(message.getBody(byte[].class));
        } catch (IllegalArgumentException e) {
            counters.unreadable(partialsTopic, partition, message.getHeader(KafkaConstants.OFFSET, Long.class), e);
            return;
        }
        message.removeHeaders("*");
        message.setBody(keepAlive);
        route.process(exchange);
    }
}
