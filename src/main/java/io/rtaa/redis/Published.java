package io.rtaa.redis;

import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** What both producers note of a message they published, or could not publish. */
final class Published {

    private Published() {}

    /** Counts a message that its route offers once more. */
    static void countRetry(RedisBus bus, String topic, Exchange exchange) {
        if (Boolean.TRUE.equals(exchange.getMessage().getHeader(Exchange.REDELIVERED))) {
            bus.meters().retried(topic);
        }
    }

    /**
     * Measures it, and tells the exchange of a failure.
     *
     * @param isNew false for a message that was there before, or is not wanted any more
     */
    static void note(
            RedisBus bus,
            String topic,
            Exchange exchange,
            long beganNanos,
            boolean isNew,
            @Nullable Throwable failure) {
        if (failure == null) {
            if (isNew) {
                bus.meters().published(topic, System.nanoTime() - beganNanos);
            }
            bus.publishing().taken(topic);
        } else {
            Throwable cause = RedisFailures.unwrapped(failure);
            if (cause instanceof RedisBusException explained) {
                bus.meters().failed(topic, "publish", explained);
                bus.publishing().failed(topic, explained);
            }
            exchange.setException(cause);
        }
    }
}
