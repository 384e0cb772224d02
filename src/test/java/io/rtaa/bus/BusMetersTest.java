package io.rtaa.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.rtaa.bus.BusMeters.Cause;
import io.rtaa.bus.BusMeters.Doing;
import io.rtaa.testsupport.MetricsTables;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

/** The meters of several buses in one process, as where audio travels in memory and transcripts on a broker. */
class BusMetersTest {

    private static final List<String> BUSES = List.of("memory", "redis", "kafka");

    /** Prometheus takes no meter whose labels are others than those of the first of its name. */
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT).throwExceptionOnRegistrationFailure();

    @Test
    void everyMeterIsExposedForEveryBusAndTopicUnderTheLabelsThatAreDocumented() {
        for (String bus : BUSES) {
            BusMeters meters = new BusMeters(registry, bus);
            meters.up(this, of -> true);
            for (Topic topic : Topic.values()) {
                useAll(meters, topic);
            }
        }

        String scrape = registry.scrape();
        Map<String, MetricsTables.Shape> documented = new TreeMap<>();
        List.of("memory", "Redis", "Kafka").forEach(bus -> documented.putAll(MetricsTables.documentedOfBus(bus)));
        assertThat(MetricsTables.exposedOfBus(scrape)).isEqualTo(documented);
        assertThat(documented.keySet()).allSatisfy(name -> {
            for (String bus : BUSES) {
                assertThat(scrape).containsPattern("(?m)^" + name + "(_count)?\\{[^}]*bus=\"" + bus + "\"");
            }
        });
    }

    private void useAll(BusMeters meters, Topic topic) {
        meters.publisher(topic).published(System.nanoTime());
        meters.errors(topic, Doing.READ, Cause.AWAY).increment();
        meters.repeats(topic).increment();
        meters.fenced(topic).increment();
        meters.unreadable(topic).increment();
        meters.callsRestored().increment();
        ReaderMeters reader = meters.reader(topic, "group");
        reader.consumed().increment();
        reader.retries().increment();
        reader.dropped().increment();
        reader.callsReclaimed().increment();
        reader.workers(this, of -> 1);
        reader.partitionsOwned(this, of -> 1);
        reader.partitionsUnowned(this, of -> 1);
        reader.unacknowledged(this, of -> 1);
        reader.lagEntries(this, of -> 1);
        reader.lagUnownedEntries(this, of -> 1);
        reader.lag(this, of -> 1500);
    }

    @Test
    void theLagIsToldInSeconds() {
        new BusMeters(registry, "redis").reader(Topic.AUDIO, "asr").lag(this, of -> 1500);

        assertThat(registry.scrape()).contains("rtaa_bus_lag_seconds{bus=\"redis\",group=\"asr\",topic=\"audio\"} 1.5");
    }

    @Test
    void aMessageThatIsOfferedOnceMoreIsARetry() throws Exception {
        PublisherMeters meters = new BusMeters(registry, "kafka").publisher(Topic.TRANSCRIPTS);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            DefaultExchange exchange = new DefaultExchange(context);
            meters.offered(exchange);
            exchange.getMessage().setHeader(Exchange.REDELIVERED, true);
            meters.offered(exchange);
        }

        assertThat(registry.get("rtaa.bus.publish.retries").counter().count()).isEqualTo(1);
    }

    @Test
    void aReaderThatIsClosedLeavesItsCountersAndNoGauge() {
        ReaderMeters reader = new BusMeters(registry, "redis").reader(Topic.AUDIO, "asr");
        reader.consumed().increment();
        reader.workers(this, of -> 1);
        reader.close();

        assertThat(registry.getMeters())
                .extracting(meter -> meter.getId().getName())
                .containsExactly("rtaa.bus.consumed");
        reader.workers(this, of -> 2);

        assertThat(registry.get("rtaa.bus.workers").gauge().value()).isEqualTo(2);
    }
}
