package io.rtaa.websocket;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What is measured of the component's configured endpoints, by their names.
 *
 * <p>Thread-safety: safe.
 */
public final class WebsocketMeters implements MeterBinder {

    /** What a handshake is refused with; a status that is none of these counts as {@value #OTHER}. */
    private static final int[] STATUSES = {400, 401, 403, 426, 429, 503};

    private static final String OTHER = "other";

    private final WebsocketComponent component;

    public WebsocketMeters(WebsocketComponent component) {
        this.component = component;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        component
                .getEndpoints()
                .keySet()
                .forEach(name -> new Endpoint(name, component.counters(name), registry).bind());
    }

    private record Endpoint(String name, WebsocketCounters counters, MeterRegistry registry) {

        void bind() {
            Gauge.builder("rtaa.websocket.sockets.open", counters, WebsocketCounters::openConnections)
                    .description("Sockets that are open")
                    .tag("endpoint", name)
                    .register(registry);
            Gauge.builder("rtaa.websocket.worker.waiting", counters, WebsocketCounters::waiting)
                    .description("Events that wait for one of the endpoint's worker threads")
                    .tag("endpoint", name)
                    .register(registry);
            count(
                    "worker.full",
                    "Times that an event found the worker threads' queue full and waited at its socket",
                    WebsocketCounters::workersFull);
            count("sockets.opened", "Sockets that were opened", WebsocketCounters::opened);
            count("messages.received", "Whole messages that came in", WebsocketCounters::messagesIn);
            count("events.failed", "Events of sockets whose route failed", WebsocketCounters::failedExchanges);
            count("sends.dropped", "Sends to a socket that had just gone", WebsocketCounters::droppedSends);
            count(
                    "slow.readers.closed",
                    "Sockets closed with 1013, as their peer did not read",
                    WebsocketCounters::slowReadersClosed);
            count(
                    "too.big.closed",
                    "Sockets closed with 1009, as a message was too big",
                    WebsocketCounters::tooBigClosed);
            count(
                    "idle.closed",
                    "Sockets closed with 1000, as their peer sent no message for too long",
                    WebsocketCounters::idleClosed);
            count(
                    "failing.closed",
                    "Sockets closed with 1011, as their route failed on too many events in a row",
                    WebsocketCounters::failingClosed);
            for (WebsocketCounters.DeadPeer how : WebsocketCounters.DeadPeer.values()) {
                FunctionCounter.builder("rtaa.websocket.dead.peers", counters, of -> of.deadPeers(how))
                        .description("Sockets whose peer was found dead")
                        .tag("endpoint", name)
                        .tag("cause", how.name().toLowerCase(Locale.ROOT))
                        .register(registry);
            }
            for (int status : STATUSES) {
                refusals(Integer.toString(status), of -> of.refused().getOrDefault(status, 0L));
            }
            refusals(OTHER, Endpoint::refusedOtherwise);
        }

        private void count(String what, String description, ToDoubleFunction<WebsocketCounters> value) {
            FunctionCounter.builder("rtaa.websocket." + what, counters, value)
                    .description(description)
                    .tag("endpoint", name)
                    .register(registry);
        }

        private void refusals(String status, ToDoubleFunction<WebsocketCounters> value) {
            FunctionCounter.builder("rtaa.websocket.handshakes.refused", counters, value)
                    .description("Handshakes that were refused")
                    .tag("endpoint", name)
                    .tag("status", status)
                    .register(registry);
        }

        private static double refusedOtherwise(WebsocketCounters counters) {
            Map<Integer, Long> refused = counters.refused();
            for (int status : STATUSES) {
                refused.remove(status);
            }
            return refused.values().stream().mapToLong(Long::longValue).sum();
        }
    }
}
