package io.rtaa.asr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.asr.deepgram.DeepgramKeys;
import io.rtaa.asr.deepgram.DeepgramOptions;
import io.rtaa.asr.deepgram.DeepgramProvider;
import io.rtaa.asr.deepgram.DeepgramTransport;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.testsupport.CapturedLog;
import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a recogniser is asked for, as it stands in the endpoints of routes. */
class AsrParametersTest {

    private static final Duration AT_MOST = Duration.ofSeconds(30);

    private final Vertx vertx = Vertx.vertx();
    private final DeepgramStandIn standIn = DeepgramStandIn.start(vertx);
    private final DeepgramProvider provider = new DeepgramProvider(
            vertx,
            new SimpleMeterRegistry(),
            DeepgramTransport.to(standIn.url()),
            DeepgramOptions.DEFAULTS,
            DeepgramKeys.of("key"));
    private final AsrComponent component = new AsrComponent();
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final CapturedLog log = CapturedLog.of(AsrComponent.class);
    private final List<TranscriptEvent> fromHindi = new CopyOnWriteArrayList<>();
    private final List<TranscriptEvent> fromDefaults = new CopyOnWriteArrayList<>();

    @BeforeEach
    void setUp() {
        component.addProvider(provider);
        component.addProvider(new ScriptedRecogniser("scripted"));
        context.addComponent("asr", component);
    }

    @AfterEach
    void tearDown() {
        log.close();
        context.stop();
        provider.close();
        standIn.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void speak(String into, String interactionId) throws Exception {
        try (ProducerTemplate template = context.createProducerTemplate()) {
            template.sendBody(into, new AudioWindow(new StreamId("acme", interactionId), 1, 0, 8000, new byte[1600]));
        }
    }

    @Test
    void eachRouteAsksForWhatItsEndpointSaysAndReadsItsOwnTranscripts() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:hindi")
                        .to("asr:deepgram?model=nova-3&language=hi&endpointing=500&diarize=true"
                                + "&keyterm=order%20number&keyterm=refund");
                // The same parameters in another order are the same recogniser; Camel's own are none of its business.
                from("asr:deepgram?bridgeErrorHandler=true&language=hi&keyterm=order%20number&keyterm=refund"
                                + "&diarize=true&endpointing=500&model=nova-3")
                        .process(exchange -> fromHindi.add(exchange.getMessage().getBody(TranscriptEvent.class)));
                from("direct:defaults").to("asr:deepgram");
                from("asr:deepgram")
                        .process(exchange ->
                                fromDefaults.add(exchange.getMessage().getBody(TranscriptEvent.class)));
            }
        });
        context.start();
        assertThat(new AsrHealth(component).fault()).isNull();
        assertThat(log.events()).isEmpty();

        speak("direct:hindi", "namaste");
        await().atMost(AT_MOST).until(() -> standIn.attempts().size() == 1);
        MultiMap hindi = standIn.attempts().get(0).query();
        assertThat(hindi.get("language")).isEqualTo("hi");
        assertThat(hindi.get("endpointing")).isEqualTo("500");
        assertThat(hindi.get("diarize")).isEqualTo("true");
        assertThat(hindi.getAll("keyterm")).containsExactly("order number", "refund");

        speak("direct:defaults", "hello");
        await().atMost(AT_MOST).until(() -> standIn.attempts().size() == 2);
        assertThat(standIn.attempts().get(1).query().get("language")).isEqualTo("en-IN");
        assertThat(standIn.attempts().get(1).query().get("diarize")).isNull();

        await().atMost(AT_MOST).until(() -> fromHindi.size() >= 2 && fromDefaults.size() >= 2);
        assertThat(fromHindi)
                .extracting(event -> event.stream().interactionId())
                .containsOnly("namaste");
        assertThat(fromDefaults)
                .extracting(event -> event.stream().interactionId())
                .containsOnly("hello");
        assertThat(component.sessionCount()).isEqualTo(2);
        standIn.assertNoBreach();
    }

    @Test
    void whatDeepgramWouldRefuseIsRefusedWithTheEndpointNamed() {
        assertThatThrownBy(() -> context.getEndpoint("asr:deepgram?interim_results=false&model=nova-2&keyterm=refund"))
                .isInstanceOf(ResolveEndpointFailedException.class)
                .hasMessageContaining("asr://deepgram?")
                .hasMessageContaining("utterance_end_ms is 1000 with interim_results=false; allowed: ")
                .hasMessageContaining("keyterm is set with model=nova-2; allowed: ");
        assertThatThrownBy(() -> context.getEndpoint("asr:deepgram?langage=hi&sample_rate=8000"))
                .hasMessageContaining("sample_rate is set; allowed: nothing");
    }

    @Test
    void aRecogniserWithoutParametersSaysSo() {
        assertThatThrownBy(() -> context.getEndpoint("asr:scripted?language=hi"))
                .hasMessageContaining("'language' is no parameter of scripted; allowed: none");
    }

    @Test
    void endsThatDifferAreToldByLogAndWithoutValuesByHealth() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:hindi").to("asr:deepgram?language=hi&keyterm=Mallory");
                from("asr:deepgram").to("log:events?level=TRACE");
            }
        });
        context.start();
        assertThat(new AsrHealth(component).fault())
                .isEqualTo("audio goes to asr:deepgram?keyterm=…&language=…, and no route reads from there; read are:"
                        + " [asr:deepgram]");
        assertThat(log.events())
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("audio goes to asr:deepgram?keyterm=Mallory&language=hi, and no route reads its"
                        + " transcripts; read are: [asr:deepgram]");
    }
}
