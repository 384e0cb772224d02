package io.rtaa.redis;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToDoubleFunction;

/**
 * What is measured of the bus. Labels name topics and groups; none names a call.
 *
 * <p>Thread-safety: safe.
 */
final class RedisStreamsMeters {

    private final MeterRegistry registry;
    private final Map<String, Timer> published = new ConcurrentHashMap<>();
    private final Map<String, Counter> consumed = new ConcurrentHashMap<>();
    private final Map<String, List<RedisLink>> links = new ConcurrentHashMap<>();

    RedisStreamsMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Something was published. */
    void published(String topic, long nanos) {
        published
                .computeIfAbsent(
                        topic,
                        name -> Timer.builder("rtaa.redis.publish")
                                .description("Messages the bus took, and how long it took")
                                .tag("topic", name)
                                .publishPercentileHistogram()
                                .minimumExpectedValue(Duration.ofNanos(100_000))
                                .maximumExpectedValue(Duration.ofSeconds(10))
                                .register(registry))
                .record(Duration.ofNanos(nanos));
    }

    /** Messages were handed to a route. */
    void consumed(String topic, String group, int count) {
        consumed.computeIfAbsent(
                        topic + " " + group,
                        key -> counter(
                                "rtaa.redis.consumed", "Messages handed to a route", "topic", topic, "group", group))
                .increment(count);
    }

    /** Something failed that is tried again, or told to whoever asked. */
    void failed(String topic, String doing, RedisBusException failure) {
        counter(
                        "rtaa.redis.errors",
                        "What the bus did not do",
                        "topic",
                        topic,
                        "doing",
                        doing,
                        "cause",
                        failure.kind().name().toLowerCase(Locale.ROOT))
                .increment();
    }

    /** A message was offered once more by its route. */
    void retried(String topic) {
        counter("rtaa.redis.retries", "Messages offered to the bus once more", "topic", topic)
                .increment();
    }

    /** An event was published before, and came once more. */
    void repeated(String topic) {
        counter("rtaa.redis.repeats", "Messages that were on the bus already", "topic", topic)
                .increment();
    }

    /** Somebody who has lost a lease tried to write. */
    void fenced(String topic) {
        counter("rtaa.redis.fenced", "Writes refused because the lease is somebody else's", "topic", topic)
                .increment();
    }

    /** An entry could not be read. */
    void unreadable(String topic) {
        counter("rtaa.redis.unreadable", "Entries that are no message this version knows", "topic", topic)
                .increment();
    }

    /** Redis had lost a call, and got its start again. */
    void restored() {
        counter("rtaa.redis.calls.restored", "Calls that Redis had lost and got again", "topic", "transcripts")
                .increment();
    }

    /** A call was taken over from another process. */
    void reclaimed() {
        counter("rtaa.redis.calls.reclaimed", "Calls taken over from another process", "topic", "audio")
                .increment();
    }

    /** Measures a connection; several of one name, as routes that read the same have them, are measured together. */
    void watch(RedisLink link, String connection) {
        links.computeIfAbsent(connection, name -> {
                    List<RedisLink> all = new CopyOnWriteArrayList<>();
                    Gauge.builder("rtaa.redis.connected", all, of -> of.stream().allMatch(RedisLink::isUp) ? 1 : 0)
                            .description("1 while all connections of this name to the bus are up")
                            .tag("connection", name)
                            .register(registry);
                    return all;
                })
                .add(link);
    }

    /** A connection is not made again. */
    void forget(RedisLink link) {
        links.values().forEach(all -> all.remove(link));
    }

    /** Measures what a consumer with a group knows of its partitions. */
    void watch(LeaseKeeper keeper, String topic, String group) {
        gauge("rtaa.redis.partitions.owned", "Partitions this process reads", keeper, topic, group, LeaseKeeper::owned);
        gauge("rtaa.redis.partitions.unowned", "Partitions nobody reads", keeper, topic, group, LeaseKeeper::unowned);
        gauge("rtaa.redis.workers", "Processes that read for this group", keeper, topic, group, LeaseKeeper::workers);
        gauge(
                "rtaa.redis.unacknowledged",
                "Messages this process has read and not acknowledged",
                keeper,
                topic,
                group,
                LeaseKeeper::unacknowledged);
        gauge(
                "rtaa.redis.lag.entries",
                "Messages this process has to acknowledge, read or not",
                keeper,
                topic,
                group,
                LeaseKeeper::entriesBehind);
        gauge(
                "rtaa.redis.lag.unowned.entries",
                "Messages in partitions nobody reads",
                keeper,
                topic,
                group,
                LeaseKeeper::entriesUnowned);
        Gauge.builder("rtaa.redis.lag", keeper, of -> of.behindMillis() / 1000.0)
                .description(
                        "From the last acknowledged message to the newest one, of the partition that is most behind")
                .baseUnit("seconds")
                .tag("topic", topic)
                .tag("group", group)
                .register(registry);
    }

    private void gauge(
            String name,
            String description,
            LeaseKeeper keeper,
            String topic,
            String group,
            ToDoubleFunction<LeaseKeeper> value) {
        Gauge.builder(name, keeper, value)
                .description(description)
                .tag("topic", topic)
                .tag("group", group)
                .register(registry);
    }

    private Counter counter(String name, String description, String... tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }
}
