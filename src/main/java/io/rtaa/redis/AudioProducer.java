package io.rtaa.redis;

import io.lettuce.core.XAddArgs;
import io.rtaa.bus.PublisherMeters;
import io.rtaa.bus.Topic;
import io.rtaa.call.AudioMessage;
import io.rtaa.wire.AudioBytes;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.support.DefaultAsyncProducer;

/**
 * Adds audio to the log of its stream's partition; done when Redis has it. What was added although no answer came is added once
 * more by the route, and known by its number to whoever reads it.
 */
class AudioProducer extends DefaultAsyncProducer {

    /** The only field of an entry. */
    static final String FIELD = "a";

    private final RedisBus bus;
    private final PublisherMeters meters;
    private final XAddArgs trimming = new XAddArgs();

    AudioProducer(RedisStreamsEndpoint endpoint) {
        super(endpoint);
        this.bus = endpoint.component().bus();
        this.meters = bus.meters().publisher(Topic.AUDIO);
        long maxLength = endpoint.getConfiguration().getMaxLength();
        if (maxLength > 0) {
            trimming.maxlen(maxLength).approximateTrimming();
        }
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        String key;
        byte[] bytes;
        try {
            AudioMessage message = exchange.getMessage().getMandatoryBody(AudioMessage.class);
            key = bus.keys().log(RedisStreamsEndpoint.AUDIO, bus.keys().partitionOf(message.stream()));
            bytes = AudioBytes.write(message);
        } catch (InvalidPayloadException | IllegalArgumentException e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        meters.offered(exchange);
        long began = System.nanoTime();
        CompletableFuture<String> unused = bus.link()
                .send("XADD", commands -> commands.xadd(key, trimming, FIELD, bytes))
                .whenComplete((id, failure) -> {
                    Published.note(bus, meters, Topic.AUDIO, exchange, began, true, failure);
                    callback.done(false);
                });
        return false;
    }
}
