package io.rtaa.bus;

import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioOrigin;
import io.rtaa.call.AudioReceipt;
import io.rtaa.call.KeepAlive;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertiesSource;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.PropertyResolver;

/**
 * What one process has to do with a bus, without sockets and recognisers: it sends audio, hears audio and publishes what was
 * said, reads transcripts; each only where it is told to. What a bus refuses is sent again until it takes it, as the routes of
 * the product do.
 *
 * <p>Thread-safety: audio and events may be sent from any thread; those of one stream from one at a time.
 */
public final class BusProcess implements AutoCloseable {

    private static final String AUDIO_IN = "direct:audio-to-send";
    private static final String EVENTS_IN = "direct:events-to-publish";

    /** An audio message as a worker got it, with its receipt. */
    public record Heard(AudioMessage message, @Nullable AudioReceipt receipt) {}

    private final CamelContext context = new DefaultCamelContext();
    private final String audio;
    private final String transcripts;
    private final List<Heard> heard = new CopyOnWriteArrayList<>();
    private final List<TranscriptEvent> seen = new CopyOnWriteArrayList<>();
    private final List<KeepAlive> alive = new CopyOnWriteArrayList<>();
    private final ProducerTemplate template = context.createProducerTemplate();
    private Consumer<AudioMessage> onHeard = message -> {};
    private Consumer<TranscriptEvent> onSeen = event -> {};

    /**
     * @param audio the address of the audio bus
     * @param transcripts the address of the transcripts' bus
     * @param setUp binds what the addresses need
     */
    public BusProcess(String audio, String transcripts, Consumer<CamelContext> setUp) {
        this.audio = audio;
        this.transcripts = transcripts;
        context.getShutdownStrategy().setTimeout(5);
        context.getShutdownStrategy().setLogInflightExchangesOnTimeout(false);
        setUp.accept(context);
        route(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(defaultErrorHandler()
                        .maximumRedeliveries(-1)
                        .redeliveryDelay(20)
                        .useExponentialBackOff()
                        .maximumRedeliveryDelay(200)
                        .asyncDelayedRedelivery()
                        .logRetryAttempted(false));
                from(AUDIO_IN).to(audio);
                from(EVENTS_IN).to(transcripts);
            }
        });
    }

    /** It reads audio, as a worker does. */
    public BusProcess hearsAudio() {
        return hearsAudio(message -> {});
    }

    /** @param then run with each message, after it is noted; what it throws the route throws */
    public BusProcess hearsAudio(Consumer<AudioMessage> then) {
        onHeard = then;
        route(new RouteBuilder() {
            @Override
            public void configure() {
                // As in the shipped route, whatever fails has failed for good.
                from(audio)
                        .routeId("audio")
                        .errorHandler(defaultErrorHandler().logExhausted(false))
                        .process(BusProcess.this::hear);
            }
        });
        return this;
    }

    /** It reads transcripts, as a dashboard does. */
    public BusProcess readsTranscripts() {
        return readsTranscripts(event -> {});
    }

    /** @param first run with each event, before it is noted; what it throws the route throws */
    public BusProcess readsTranscripts(Consumer<TranscriptEvent> first) {
        return readsTranscripts(transcripts, first);
    }

    /** @param address where to read instead of the process's own address */
    public BusProcess readsTranscripts(String address, Consumer<TranscriptEvent> first) {
        onSeen = first;
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from(address)
                        .routeId("transcripts")
                        .errorHandler(noErrorHandler())
                        .process(BusProcess.this::see);
            }
        });
        return this;
    }

    /**
     * It has one more route.
     *
     * @param address where the route reads transcripts; placeholders are allowed
     * @param step run with each event; what it throws the route throws
     */
    public BusProcess reads(String id, String address, Consumer<TranscriptEvent> step) {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from(address)
                        .routeId(id)
                        .errorHandler(noErrorHandler())
                        .process(
                                exchange -> step.accept(exchange.getMessage().getMandatoryBody(TranscriptEvent.class)));
            }
        });
        return this;
    }

    /** Its routes may name the placeholders of the service. */
    BusProcess placeholders(PropertyResolver settings) {
        context.getPropertiesComponent().addPropertiesSource(new PropertiesSource() {
            @Override
            public String getName() {
                return "settings";
            }

            @Override
            public @Nullable String getProperty(String name) {
                return settings.getProperty(name);
            }
        });
        context.getPropertiesComponent().addPropertiesFunction(new SinkFunction(context));
        return this;
    }

    public BusProcess start() {
        context.start();
        return this;
    }

    public CamelContext context() {
        return context;
    }

    /** Sends a message of a stream's audio; returns when the bus has it. */
    public void send(AudioMessage message) {
        requireDone(template.send(AUDIO_IN, exchange -> exchange.getMessage().setBody(message)));
    }

    /** Sends a message as a route does whose exchange has these headers. */
    void send(AudioMessage message, Map<String, Object> headers) {
        requireDone(template.send(AUDIO_IN, exchange -> {
            exchange.getMessage().setBody(message);
            exchange.getMessage().setHeaders(new HashMap<>(headers));
        }));
    }

    /** Publishes an event as a route does whose exchange has these headers. */
    void publish(TranscriptEvent event, Map<String, Object> headers) {
        requireDone(template.send(EVENTS_IN, exchange -> {
            exchange.getMessage().setBody(event);
            exchange.getMessage().setHeaders(new HashMap<>(headers));
        }));
    }

    /** Sends a message whose handling fails; where a bus hands over on the sender's thread, the sender is told of it. */
    public void sendInVain(AudioMessage message) {
        template.send(AUDIO_IN, exchange -> exchange.getMessage().setBody(message));
    }

    /** Publishes an event and the receipts it covers, as the recogniser's route does; returns when the bus has it. */
    public void publish(TranscriptEvent event, Heard... covered) {
        List<AudioReceipt> receipts = receipts(covered);
        publish(event, receipts.isEmpty() ? null : receipts.get(0).origin(), receipts);
    }

    /** Publishes an event of a session that began with audio of an origin. */
    public void publish(TranscriptEvent event, @Nullable AudioOrigin origin, List<AudioReceipt> receipts) {
        requireDone(template.send(EVENTS_IN, exchange -> {
            exchange.getMessage().setBody(event);
            if (origin != null) {
                exchange.setProperty(AudioOrigin.PROPERTY, origin);
            }
            if (!receipts.isEmpty()) {
                exchange.setProperty(AudioReceipt.PROPERTY, AudioReceipt.all(receipts));
            }
        }));
        receipts.forEach(AudioReceipt::settle);
    }

    /** Says of a quiet call that it is there; returns when the bus has it. */
    public void publish(KeepAlive keepAlive) {
        requireDone(template.send(EVENTS_IN, exchange -> exchange.getMessage().setBody(keepAlive)));
    }

    /** The calls of which a keep-alive was read, one for each. */
    public List<StreamId> alive() {
        return alive.stream().map(KeepAlive::stream).toList();
    }

    /** All audio messages so far, in the order they came. */
    public List<Heard> heard() {
        return List.copyOf(heard);
    }

    /** Those of one stream. */
    public List<Heard> heard(StreamId stream) {
        return heard.stream()
                .filter(piece -> piece.message().stream().equals(stream))
                .toList();
    }

    /** All transcript events so far, in the order they came. */
    public List<TranscriptEvent> seen() {
        return List.copyOf(seen);
    }

    /** Those of one stream. */
    public List<TranscriptEvent> seen(StreamId stream) {
        return seen.stream().filter(event -> event.stream().equals(stream)).toList();
    }

    /** Stops in good order. */
    @Override
    public void close() {
        context.stop();
    }

    private void hear(Exchange exchange) throws InvalidPayloadException {
        AudioMessage message = exchange.getMessage().getMandatoryBody(AudioMessage.class);
        heard.add(new Heard(message, exchange.getProperty(AudioReceipt.PROPERTY, AudioReceipt.class)));
        onHeard.accept(message);
    }

    private void see(Exchange exchange) {
        if (exchange.getMessage().getBody() instanceof KeepAlive keepAlive) {
            alive.add(keepAlive);
            return;
        }
        TranscriptEvent event = exchange.getMessage().getBody(TranscriptEvent.class);
        onSeen.accept(event);
        seen.add(event);
    }

    private void route(RouteBuilder routes) {
        try {
            context.addRoutes(routes);
        } catch (Exception e) {
            throw new AssertionError("a route could not be added", e);
        }
    }

    private static List<AudioReceipt> receipts(Heard... covered) {
        List<AudioReceipt> receipts = new ArrayList<>();
        Arrays.stream(covered)
                .flatMap(piece -> piece.receipt() == null ? Stream.empty() : Stream.of(piece.receipt()))
                .forEach(receipts::add);
        return receipts;
    }

    private static void requireDone(Exchange exchange) {
        if (exchange.getException() != null) {
            throw new AssertionError("the bus did not take it", exchange.getException());
        }
    }
}
