package io.rtaa.bus.memory;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * What is measured of the bus. Labels name routes; none names a call.
 *
 * <p>Thread-safety: safe.
 */
final class MemoryBusMeters {

    private final MeterRegistry registry;

    MemoryBusMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** The meters of one reader; the number of waiting events is there until they are closed. */
    Reader reader(String route, EventQueue queue) {
        return new Reader(
                registry,
                Gauge.builder("rtaa.memory.waiting", queue, EventQueue::pending)
                        .description("Events that wait for a route or are in it")
                        .tag("reader", route)
                        .register(registry),
                counter("rtaa.memory.refused", "Events refused because a route had no room for them", route),
                counter("rtaa.memory.dropped", "Partials that a route did not get because it lagged", route),
                counter("rtaa.memory.retries", "Events offered to the route of a sink once more", route));
    }

    private Counter counter(String name, String description, String route) {
        return Counter.builder(name)
                .description(description)
                .tag("reader", route)
                .register(registry);
    }

    /** What is counted of one reader. */
    record Reader(MeterRegistry registry, Gauge waiting, Counter refusals, Counter drops, Counter retries) {

        void refused() {
            refusals.increment();
        }

        void dropped() {
            drops.increment();
        }

        void retried() {
            retries.increment();
        }

        void close() {
            registry.remove(waiting);
        }
    }
}
