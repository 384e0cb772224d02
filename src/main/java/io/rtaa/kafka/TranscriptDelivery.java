package io.rtaa.kafka;

import io.rtaa.bus.ReaderMeters;
import io.rtaa.bus.Topic;
import io.rtaa.call.KeepAlive;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.routes.GivenUpException;
import io.rtaa.wire.KeepAliveJson;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
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

    private final KafkaBus bus;
    private final @Nullable String group;
    private final boolean keepAlives;
    private final TranscriptFences fences;
    private final @Nullable StartOffsets start;
    private final @Nullable FailedEvents failed;
    private final Processor route;
    private final Map<Topic, ReaderMeters> readers = new EnumMap<>(Topic.class);

    /**
     * @param group what metrics call the reader; null for its route
     * @param keepAlives whether the route gets keep-alives too
     * @param start events before these are judged and not handed on; null for none
     * @param failed keeps the events that the route fails on; null where they are passed over
     */
    TranscriptDelivery(
            KafkaBus bus,
            @Nullable String group,
            boolean keepAlives,
            TranscriptFences fences,
            @Nullable StartOffsets start,
            @Nullable FailedEvents failed,
            Processor route) {
        this.bus = bus;
        this.group = group;
        this.keepAlives = keepAlives;
        this.fences = fences;
        this.start = start;
        this.failed = failed;
        this.route = route;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Message message = exchange.getMessage();
        Topic topic = message.getHeader(KafkaConstants.TOPIC, String.class)
                        .equals(bus.options().partialsTopic())
                ? Topic.PARTIALS
                : Topic.TRANSCRIPTS;
        int partition = message.getHeader(KafkaConstants.PARTITION, Integer.class);
        long offset = message.getHeader(KafkaConstants.OFFSET, Long.class);
        if (topic == Topic.PARTIALS && isKeepAlive(message)) {
            handOnKeepAlive(exchange, partition);
            return;
        }
        if (failed != null && failed.comesAgain(partition)) {
            return;
        }
        TranscriptEvent again = failed == null ? null : failed.at(partition, offset);
        TranscriptEvent event = again == null ? judged(exchange, topic, partition, offset) : again;
        if (event == null || isPast(topic, partition, offset)) {
            return;
        }
        message.removeHeaders("*");
        message.setBody(event);
        if (failed == null) {
            handOn(exchange, topic);
        } else {
            offer(exchange, event, partition, offset, failed);
        }
    }

    /** The event of a record that the fence lets through; else null. */
    private @Nullable TranscriptEvent judged(Exchange exchange, Topic topic, int partition, long offset) {
        Message message = exchange.getMessage();
        Headers headers = message.getHeader(KafkaConstants.HEADERS, Headers.class);
        byte[] value = message.getBody(byte[].class);
        TranscriptFence fence = fences.of(partition);
        try {
            switch (topic == Topic.PARTIALS ? fence.takePartial(headers, value) : fence.take(offset, headers, value)) {
                case EVENT, NO_EVENT -> {}
                case UNKNOWN -> bus.meters().unreadable(topic).increment();
                case FENCED -> bus.meters().fenced(topic).increment();
                case REPEATED -> bus.meters().repeats(topic).increment();
                case LATE_PARTIAL -> reader(exchange, topic).dropped().increment();
            }
        } catch (IllegalArgumentException e) {
            bus.unreadable(topic, partition, offset, e);
            return null;
        }
        return fence.event();
    }

    private boolean isPast(Topic topic, int partition, long offset) {
        Long first =
                start == null ? null : start.of(new TopicPartition(bus.options().nameOf(topic), partition));
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
            reader(exchange, Topic.TRANSCRIPTS).consumed().increment();
        } else {
            reader(exchange, Topic.TRANSCRIPTS).retries().increment();
        }
    }

    private ReaderMeters reader(Exchange exchange, Topic topic) {
        String label = group == null ? Objects.requireNonNullElse(exchange.getFromRouteId(), "-") : group;
        return readers.computeIfAbsent(topic, of -> bus.meters().reader(of, label));
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
            bus.unreadable(Topic.PARTIALS, partition, message.getHeader(KafkaConstants.OFFSET, Long.class), e);
            return;
        }
        message.removeHeaders("*");
        message.setBody(keepAlive);
        handOn(exchange, Topic.PARTIALS);
    }

    /** Runs the route of a reader that reads for itself; it is done with what it fails on, too. */
    private void handOn(Exchange exchange, Topic topic) throws Exception {
        try {
            route.process(exchange);
        } finally {
            reader(exchange, topic).consumed().increment();
        }
    }
}
