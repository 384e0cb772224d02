package io.rtaa.bus;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one who reads a topic of a bus: a group, or a route that reads everything. What a gauge asks is held
 * weakly.
 *
 * <p>Thread-safety: safe.
 */
public final class ReaderMeters {

    private static final double MILLIS = 1000;

    private final MeterRegistry registry;
    private final Tags tags;
    private final List<Meter> gauges = new CopyOnWriteArrayList<>();
    private volatile @Nullable Counter consumed;
    private volatile @Nullable Counter dropped;

    ReaderMeters(MeterRegistry registry, Tags tags) {
        this.registry = registry;
        this.tags = tags;
    }

    /** Messages that the route is done with, each counted once. */
    public Counter consumed() {
        Counter known = consumed;
        if (known == null) {
            known = counter("rtaa.bus.consumed", "Messages that a route is done with");
            consumed = known;
        }
        return known;
    }

    /** Events that the route failed on, and that are offered to it again. */
    public Counter retries() {
        return counter("rtaa.bus.consume.retries", "Events that are offered again to the route that failed on them");
    }

    /** Partials that the route does not get. */
    public Counter dropped() {
        Counter known = dropped;
        if (known == null) {
            known = counter("rtaa.bus.dropped", "Partials that a route does not get");
            dropped = known;
        }
        return known;
    }

    /** Calls that the route got in the middle, as another process had them before. */
    public Counter callsReclaimed() {
        return counter("rtaa.bus.calls.reclaimed", "Calls taken over from another process");
    }

    /** Processes that read for the group. */
    public <T> void workers(T of, ToDoubleFunction<T> value) {
        gauge("rtaa.bus.workers", "Processes that read for the group", of, value);
    }

    /** Partitions that this process reads. */
    public <T> void partitionsOwned(T of, ToDoubleFunction<T> value) {
        gauge("rtaa.bus.partitions.owned", "Partitions that this process reads", of, value);
    }

    /** Partitions that no process of the group reads. */
    public <T> void partitionsUnowned(T of, ToDoubleFunction<T> value) {
        gauge("rtaa.bus.partitions.unowned", "Partitions that no process reads", of, value);
    }

    /** Messages that this process has read, from the oldest that is not acknowledged on. */
    public <T> void unacknowledged(T of, ToDoubleFunction<T> value) {
        gauge("rtaa.bus.unacknowledged", "Messages that this process has read and not acknowledged", of, value);
    }

    /** Messages that this process has to acknowledge, read or not. */
    public <T> void lagEntries(T of, ToDoubleFunction<T> value) {
        gauge("rtaa.bus.lag.entries", "Messages that this process has to acknowledge, read or not", of, value);
    }

    /** The same in the partitions that no process of the group reads. */
    public <T> void lagUnownedEntries(T of, ToDoubleFunction<T> value) {
        gauge("rtaa.bus.lag.unowned.entries", "Messages in partitions that no process reads", of, value);
    }

    /**
     * The age of the oldest message that this process has to acknowledge.
     *
     * @param millis 0 where there is none
     */
    public <T> void lag(T of, ToDoubleFunction<T> millis) {
        register(Gauge.builder("rtaa.bus.lag", of, asked -> millis.applyAsDouble(asked) / MILLIS)
                .description("Age of the oldest message that this process has to acknowledge")
                .baseUnit("seconds"));
    }

    /** Takes the gauges out: nothing is read any more. Counters stay. */
    public void close() {
        gauges.forEach(registry::remove);
        gauges.clear();
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }

    private <T> void gauge(String name, String description, T of, ToDoubleFunction<T> value) {
        register(Gauge.builder(name, of, value).description(description));
    }

    private void register(Gauge.Builder<?> gauge) {
        gauges.add(gauge.tags(tags).register(registry));
    }
}
