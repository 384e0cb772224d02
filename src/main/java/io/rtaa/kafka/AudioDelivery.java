package io.rtaa.kafka;

import io.micrometer.core.instrument.Counter;
import io.rtaa.bus.Topic;
import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioReceipt;
import io.rtaa.call.CallResume;
import io.rtaa.wire.AudioBytes;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.kafka.KafkaConstants;
import org.jspecify.annotations.Nullable;

/**
 * Stands between camel-kafka and the route: records become audio messages with their receipts, each in an exchange of its
 * own, which carries nothing else.
 *
 * <p>Thread-safety: used by the polling thread.
 */
final class AudioDelivery implements Processor, AudioTarget {

    private final AudioEndpoint endpoint;
    private final AudioLeases leases;
    private final KafkaBus bus;
    private final Counter consumed;
    private final Processor route;

    AudioDelivery(AudioEndpoint endpoint, AudioLeases leases, KafkaBus bus, Processor route) {
        this.endpoint = endpoint;
        this.leases = leases;
        this.bus = bus;
        this.consumed = bus.meters()
                .reader(Topic.AUDIO, endpoint.getConfiguration().getGroupId())
                .consumed();
        this.route = route;
        leases.deliverTo(this);
    }

    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        int partition = message.getHeader(KafkaConstants.PARTITION, Integer.class);
        long offset = message.getHeader(KafkaConstants.OFFSET, Long.class);
        AudioMessage audio;
        try {
            byte[] value = message.getBody(byte[].class);
            if (value == null) {
                throw new IllegalArgumentException("an audio message without a value");
            }
            audio = AudioBytes.read(value);
        } catch (IllegalArgumentException e) {
            bus.unreadable(Topic.AUDIO, partition, offset, e);
            leases.skip(partition, offset);
            return;
        }
        leases.deliver(partition, offset, message.getHeader(KafkaConstants.TIMESTAMP, Long.class), audio);
    }

    @Override
    public void take(AudioMessage message, @Nullable AudioReceipt receipt) {
        Exchange exchange = endpoint.createExchange();
        exchange.getMessage().setBody(message);
        if (receipt != null) {
            exchange.setProperty(AudioReceipt.PROPERTY, receipt);
        }
        try {
            route.process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        if (exchange.getException() != null && receipt != null) {
            // Kept back it would hold up its partition for ever. The worker of the rest publishes a gap for it.
            receipt.settle();
        }
        if (receipt != null && !(message instanceof CallResume)) {
            // What has no receipt, and a resume, came from no record.
            consumed.increment();
        }
    }
}
