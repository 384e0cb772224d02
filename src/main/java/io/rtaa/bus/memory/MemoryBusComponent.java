package io.rtaa.bus.memory;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.rtaa.bus.BusMeters;
import io.rtaa.routes.EndpointOptions;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/**
 * The bus within one process: {@code memory-bus:transcripts} carries {@link io.rtaa.call.TranscriptEvent}s. Each route
 * that reads from it gets every event in the order of publishing, on a thread of its own, from a bounded queue of its
 * own.
 *
 * <p>A reader that lags loses partials first, which their successors replace. An event that is no partial is never
 * dropped: when a reader has no room for it, the bus refuses it with a {@link MemoryBusFullException}, and the route
 * that publishes tries again. Readers come and go at any time without a publisher or another reader noticing.
 *
 * <p>Thread-safety: as any component; options are set before it starts.
 */
@Component("memory-bus")
@Metadata(excludeProperties = "meterRegistry")
public class MemoryBusComponent extends DefaultComponent {

    /** What metrics call this bus. */
    private static final String NAME = "memory";

    private final MemoryTopic transcripts = new MemoryTopic();
    private BusMeters meters = new BusMeters(new CompositeMeterRegistry(), NAME);
    private volatile boolean used;

    /** Where the component's meters are registered; nowhere unless set. */
    public void setMeterRegistry(MeterRegistry registry) {
        meters = new BusMeters(registry, NAME);
    }

    /** Why the bus takes no events now, in words for a person; null while it does. Answers at once. */
    public @Nullable String fault() {
        return first(EventQueue::fault);
    }

    /** What is worth knowing although the bus works; null for nothing. Answers at once. */
    public @Nullable String note() {
        return used ? first(EventQueue::note) : "no route uses it";
    }

    private @Nullable String first(Function<EventQueue, @Nullable String> question) {
        return transcripts.readers().stream()
                .map(question)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    MemoryTopic transcripts() {
        return transcripts;
    }

    BusMeters meters() {
        return meters;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String topic, Map<String, Object> parameters) throws Exception {
        EndpointOptions known = EndpointOptions.of(getCamelContext(), "memory-bus");
        known.requireKnown(parameters.keySet());
        known.requireOfType(getCamelContext(), topic, parameters);
        MemoryBusEndpoint endpoint = new MemoryBusEndpoint(uri, this, topic);
        setProperties(endpoint, parameters);
        used = true;
        meters.up(this, component -> component.fault() == null);
        return endpoint;
    }
}
