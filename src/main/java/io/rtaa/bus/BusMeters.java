package io.rtaa.bus;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The meters of a bus. Each has its name, description and labels once, here, in {@link PublisherMeters} or in {@link
 * ReaderMeters}, so that alerts and panels hold for every bus; docs/operations.md says which bus lacks one. No label
 * names a call.
 *
 * <p>A method registers its meter when it is first called; counters that count often are kept by who counts.
 *
 * <p>Thread-safety: safe.
 */
public final class BusMeters {

    /** What a process was doing with the bus when it failed. */
    public enum Doing {
        PUBLISH,
        READ,
        ACKNOWLEDGE,
        LEASE
    }

    /** Why the bus did not do it. */
    public enum Cause {
        /** There is no connection. */
        AWAY,
        /** No answer came in time. */
        NO_ANSWER,
        /** The bus said no. */
        REFUSED,
        /** A reader in this process has no room. */
        FULL
    }

    private final MeterRegistry registry;
    private final String bus;
    private final Map<Topic, PublisherMeters> publishers = new ConcurrentHashMap<>();

    /** @param bus the value of the label {@code bus}: what carries the messages */
    public BusMeters(MeterRegistry registry, String bus) {
        this.registry = registry;
        this.bus = bus;
    }

    /**
     * Whether this process can use the bus.
     *
     * @param of what is asked; held weakly
     */
    public <T> void up(T of, Predicate<T> isUp) {
        Gauge.builder("rtaa.bus.up", of, asked -> isUp.test(asked) ? 1 : 0)
                .description("1 while this process can use the bus, else 0")
                .tag("bus", bus)
                .register(registry);
    }

    /** The meters of what this process publishes to a topic; always the same object. */
    public PublisherMeters publisher(Topic topic) {
        return publishers.computeIfAbsent(topic, of -> new PublisherMeters(registry, tags(of)));
    }

    /** What failed on the bus, and is tried again. */
    public Counter errors(Topic topic, Doing doing, Cause cause) {
        return counter(
                "rtaa.bus.errors",
                "Tries that failed on the bus",
                tags(topic).and("doing", label(doing), "cause", label(cause)));
    }

    /** Messages that were on the bus already. */
    public Counter repeats(Topic topic) {
        return counter("rtaa.bus.repeats", "Messages that were on the bus already", tags(topic));
    }

    /** What a worker wrote after another one had taken its partition over. */
    public Counter fenced(Topic topic) {
        return counter("rtaa.bus.fenced", "Writes of workers whose partition another worker has", tags(topic));
    }

    /** Entries that are no message this version knows. */
    public Counter unreadable(Topic topic) {
        return counter("rtaa.bus.unreadable", "Entries that are no message this version knows", tags(topic));
    }

    /** Calls that the bus had lost, and whose start was published again. */
    public Counter callsRestored() {
        return counter("rtaa.bus.calls.restored", "Calls that the bus had lost and got again", tags(Topic.TRANSCRIPTS));
    }

    /**
     * The meters of one who reads a topic.
     *
     * @param group the name of the group; the id of the route where that reads for itself alone
     */
    public ReaderMeters reader(Topic topic, String group) {
        return new ReaderMeters(registry, tags(topic).and("group", group));
    }

    private Tags tags(Topic topic) {
        return Tags.of("bus", bus, "topic", topic.label());
    }

    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private Counter counter(String name, String description, Tags tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }
}
