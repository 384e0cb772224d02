package io.rtaa.bus;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;

/**
 * The meters of what this process publishes to a topic of a bus.
 *
 * <p>Thread-safety: safe.
 */
public final class PublisherMeters {

    private static final Duration SHORTEST = Duration.ofNanos(100_000);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final Timer published;
    private final Counter retries;

    PublisherMeters(MeterRegistry registry, Tags tags) {
        published = Timer.builder("rtaa.bus.publish")
                .description("Messages that the bus took, and how long that took")
                .tags(tags)
                .publishPercentileHistogram()
                .minimumExpectedValue(SHORTEST)
                .maximumExpectedValue(LONGEST)
                .register(registry);
        retries = Counter.builder("rtaa.bus.publish.retries")
                .description("Messages that their route offered to the bus once more")
                .tags(tags)
                .register(registry);
    }

    /** A route offers a message to the bus: the first time, or once more after the bus did not take it. */
    public void offered(Exchange exchange) {
        if (Boolean.TRUE.equals(exchange.getMessage().getHeader(Exchange.REDELIVERED))) {
            retries.increment();
        }
    }

    /**
     * The bus has taken a message.
     *
     * @param beganNanos when it was offered, by {@link System#nanoTime}
     */
    public void published(long beganNanos) {
        published.record(System.nanoTime() - beganNanos, TimeUnit.NANOSECONDS);
    }
}
