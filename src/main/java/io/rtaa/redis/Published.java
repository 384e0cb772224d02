package io.rtaa.redis;

import io.rtaa.bus.BusMeters.Doing;
import io.rtaa.bus.PublisherMeters;
import io.rtaa.bus.Topic;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** What both producers note of a message they published, or could not publish. */
final class Published {

    private Published() {}

    /**
     * Measures it, and tells the exchange of a failure.
     *
     * @param meters those of the topic
     * @param isNew false for a message that was there before, or is not wanted any more
     */
    static void note(
            RedisBus bus,
            PublisherMeters meters,
            Topic topic,
            Exchange exchange,
            long beganNanos,
            boolean isNew,
            @Nullable Throwable failure) {
        if (failure == null) {
            if (isNew) {
                meters.published(beganNanos);
            }
            bus.publishing().taken(topic);
        } else {
            Throwable cause = RedisFailures.unwrapped(failure);
            if (cause instanceof RedisBusException explained) {
                bus.countFailure(topic, Doing.PUBLISH, explained);
                bus.publishing()
                        .failed(
                                topic,
                                Objects.requireNonNullElse(
                                        explained.getMessage(), explained.kind().toString()));
            }
            exchange.setException(cause);
        }
    }
}
