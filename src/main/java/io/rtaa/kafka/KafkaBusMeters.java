package io.rtaa.kafka;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.rtaa.kafka.BusCounters.Kind;
import io.rtaa.kafka.TranscriptFence.Verdict;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** What is measured of the bus. No label names a call. */
final class KafkaBusMeters implements MeterBinder {

    private final KafkaBus bus;

    KafkaBusMeters(KafkaBus bus) {
        this.bus = bus;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        BusCounters counters = bus.counters();
        for (Kind kind : Kind.values()) {
            String topic = kind.name().toLowerCase(Locale.ROOT);
            FunctionTimer.builder(
                            "rtaa.kafka.publish",
                            counters,
                            of -> of.publishedCount(kind),
                            of -> of.publishNanos(kind),
                            TimeUnit.NANOSECONDS)
                    .description("Messages published, and how long it took until the broker had them")
                    .tag("topic", topic)
                    .register(registry);
            counter(
                    registry,
                    "rtaa.kafka.errors",
                    "Tries to publish that failed and are made again",
                    topic,
                    of -> of.failedCount(kind));
            counter(registry, "rtaa.kafka.consumed", "Messages handed to a route", topic, of -> of.consumedCount(kind));
        }
        counter(
                registry,
                "rtaa.kafka.fenced",
                "Events of somebody who had lost the call",
                "transcripts",
                of -> of.count(Verdict.FENCED));
        counter(
                registry,
                "rtaa.kafka.repeats",
                "Events that were on the bus already",
                "transcripts",
                of -> of.count(Verdict.REPEATED));
        counter(
                registry,
                "rtaa.kafka.late",
                "Partials that came after what replaced them",
                "partials",
                of -> of.count(Verdict.LATE_PARTIAL));
        counter(
                registry,
                "rtaa.kafka.retries",
                "Events offered to the route of a sink once more",
                "transcripts",
                BusCounters::retriedCount);
        FunctionCounter.builder("rtaa.kafka.unreadable", counters, BusCounters::unreadableCount)
                .description("Records that are no message this version knows")
                .register(registry);
        counter(
                registry,
                "rtaa.kafka.calls.reclaimed",
                "Calls taken over from another process",
                "audio",
                BusCounters::reclaimedCount);
        gauge(registry, "rtaa.kafka.connected", "1 while the bus works, else 0", of -> of.fault() == null ? 1 : 0);
        gauge(
                registry,
                "rtaa.kafka.lag.entries",
                "Messages of audio that are not final, of all processes",
                KafkaBus::lag);
        gauge(
                registry,
                "rtaa.kafka.unacknowledged",
                "Messages of audio read here that are not final",
                KafkaBus::unsettled);
        gauge(registry, "rtaa.kafka.workers", "Processes that read audio", KafkaBus::workers);
        gauge(registry, "rtaa.kafka.partitions.owned", "Partitions this process reads", KafkaBus::ownedPartitions);
        gauge(registry, "rtaa.kafka.partitions.unowned", "Partitions nobody reads", KafkaBus::unownedPartitions);
    }

    private void counter(
            MeterRegistry registry,
            String name,
            String description,
            String topic,
            ToDoubleFunction<BusCounters> count) {
        FunctionCounter.builder(name, bus.counters(), count)
                .description(description)
                .tag("topic", topic)
                .register(registry);
    }

    private void gauge(MeterRegistry registry, String name, String description, ToDoubleFunction<KafkaBus> value) {
        Gauge.builder(name, bus, value).description(description).register(registry);
    }
}
