package io.rtaa.asr;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.call.AudioReceipt;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallInfo;
import io.rtaa.call.CallStart;
import io.rtaa.call.EndReason;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.routes.RouteFailures;
import io.rtaa.routes.RouteFile;
import io.rtaa.routes.RouteFileLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** The built-in policies and routes of a worker, with steps of a team's own in asr-transcripts that a test sets. */
final class AsrRoutesFixture implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final StreamId ONE = new StreamId("acme", "one");
    static final StreamId OTHER = new StreamId("acme", "other");

    /** The route file of a team, in which the name of the policy is left open. */
    static final String TEAM = """
            - route:
                id: asr-transcripts
                routeConfigurationId: %s
                from:
                  uri: asr:scripted
                  steps:
                    - process:
                        id: redact
                        ref: redact
                    - to:
                        uri: "{{rtaa.bus.transcripts}}"
                    - process:
                        id: afterwards
                        ref: afterwards
            """;

    final DefaultCamelContext context = new DefaultCamelContext();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final AtomicInteger sent = new AtomicInteger();
    final AtomicInteger settled = new AtomicInteger();
    private final ScriptedRecogniser recogniser = new ScriptedRecogniser(Double.POSITIVE_INFINITY);
    private final RouteFailures failures = new RouteFailures(meters);
    private final List<TranscriptEvent> published = new CopyOnWriteArrayList<>();

    volatile Processor redact = exchange -> {};
    volatile Processor afterwards = exchange -> {};
    volatile Processor bus = exchange -> {};

    AsrRoutesFixture() throws Exception {
        property("rtaa.bus.audio", "direct:audio?block=false");
        property("rtaa.bus.transcripts", "direct:bus");
        property("rtaa.asr.provider", "scripted");
        property("rtaa.bus.retry-first-ms", "1");
        property("rtaa.bus.retry-most-ms", "5");
        AsrComponent asr = new AsrComponent();
        asr.addProvider(recogniser);
        asr.setMeterRegistry(meters);
        asr.setGivenUpUri("direct:asr-given-up?block=false");
        context.addComponent("asr", asr);
        context.getRegistry().bind("redact", (Processor) exchange -> redact.process(exchange));
        context.getRegistry().bind("afterwards", (Processor) exchange -> afterwards.process(exchange));
        failures.watch(context);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:bus").errorHandler(noErrorHandler()).process(exchange -> {
                    bus.process(exchange);
                    published.add(exchange.getMessage().getBody(TranscriptEvent.class));
                });
            }
        });
    }

    void property(String name, String value) {
        context.getPropertiesComponent().addInitialProperty(name, value);
    }

    /** Starts the built-in routes and those of a team. */
    void start(String team) throws Exception {
        List<RouteFile> files =
                List.of(builtIn("shared/policies"), builtIn("asr/recogniser"), new RouteFile("team.camel.yaml", team));
        RouteFileLoader loader = new RouteFileLoader(context);
        for (RouteFile file : files) {
            loader.loadPolicies(file);
        }
        for (RouteFile file : files) {
            loader.loadRoutes(file);
        }
        context.start();
    }

    private static RouteFile builtIn(String name) throws IOException {
        return new RouteFile(
                name + ".camel.yaml", Files.readString(Path.of("src/main/resources/routes/" + name + ".camel.yaml")));
    }

    private void send(Object message) {
        sent.incrementAndGet();
        AudioReceipt receipt = settled::incrementAndGet;
        try (ProducerTemplate template = context.createProducerTemplate()) {
            template.sendBodyAndProperty("direct:audio?block=false", message, AudioReceipt.PROPERTY, receipt);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A call in which a word is said in each window of 100 ms. */
    void call(StreamId stream, String... words) {
        send(new CallStart(new CallInfo(stream, "CA1", null, "+4930123", "+4930456", 8000, 0)));
        for (int n = 0; n < words.length; n++) {
            send(new AudioWindow(stream, n + 1L, n * 800L, 8000, new byte[1600]));
            recogniser.last().says(n * 100L, n * 100L + 100, words[n]);
        }
        send(new CallEnd(stream, words.length + 1L, words.length * 800L, EndReason.CALLENDED, 0));
        recogniser.last().listener.closed(null);
    }

    List<TranscriptEvent> published(StreamId stream) {
        return published.stream()
                .filter(event -> event.stream().equals(stream) && !event.type().equals("status"))
                .toList();
    }

    /** Each event in a few words. */
    List<String> told(StreamId stream) {
        List<String> told = new ArrayList<>();
        for (TranscriptEvent event : published(stream)) {
            told.add(
                    event instanceof Final said
                            ? said.text()
                            : event instanceof Gap gap
                                    ? "gap " + gap.startMillis() + "-" + gap.endMillis()
                                    : event.type());
        }
        return told;
    }

    void awaitEnd(StreamId stream) {
        await().atMost(PATIENCE).until(() -> told(stream).contains("call_ended"));
    }

    double count(String name, String route) {
        return meters.get(name).tag("route", route).counter().count();
    }

    static TranscriptEvent event(Exchange exchange) {
        return exchange.getMessage().getBody(TranscriptEvent.class);
    }

    static boolean says(Exchange exchange, String word) {
        return event(exchange) instanceof Final said && said.text().equals(word);
    }

    @Override
    public void close() {
        context.stop();
    }
}
