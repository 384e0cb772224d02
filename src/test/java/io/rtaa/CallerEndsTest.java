package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.micrometer.core.instrument.MeterRegistry;
import io.rtaa.call.AudioMessage;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallStart;
import io.rtaa.call.EndReason;
import io.rtaa.call.LegEvent;
import io.rtaa.call.SocketEvent;
import io.rtaa.call.SocketHeaders;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.telephony.LiveLegs;
import io.rtaa.testsupport.AudioRecorder;
import io.rtaa.testsupport.CapturedLog;
import io.rtaa.testsupport.RecordedService;
import io.rtaa.testsupport.cluster.PlainCallerProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;

/** Calls that do not end by their caller's word: with which reason they end, and that nothing is left of them. */
@SpringBootTest(
        properties = {
            "rtaa.port=0",
            "rtaa.drain-seconds=0",
            "rtaa.ingest.look-for-silence-ms=100",
            "rtaa.routes=classpath:routes-under-test/recording.camel.yaml,classpath:routes-under-test/ends.camel.yaml"
        })
@Import({RecordedService.Recorder.class, CallerEndsTest.Faults.class})
@DirtiesContext
class CallerEndsTest {

    private static final Duration AT_MOST = Duration.ofSeconds(30);

    @TestConfiguration(proxyBeanMethods = false)
    static class Faults {
        @Bean
        FailingStep failsBeforeDecoding() {
            return new FailingStep();
        }

        @Bean
        FailingStep failsAfterDecoding() {
            return new FailingStep();
        }
    }

    /** Fails on the exchanges that a test names. */
    static final class FailingStep implements Processor {
        private final AtomicReference<Predicate<Exchange>> fault = new AtomicReference<>(exchange -> false);

        @Override
        public void process(Exchange exchange) {
            if (fault.get().test(exchange)) {
                throw new IllegalStateException("a step that throws, as the test wants it");
            }
        }

        void failsOn(Predicate<Exchange> exchanges) {
            fault.set(exchanges);
        }
    }

    @Autowired
    private PublicListener listener;

    @Autowired
    private MeterRegistry meters;

    @Autowired
    private LiveLegs liveLegs;

    @Autowired
    private AudioRecorder recorder;

    @Autowired
    private FailingStep failsBeforeDecoding;

    @Autowired
    private FailingStep failsAfterDecoding;

    @AfterEach
    void nothingIsLeftOfTheCall() {
        failsBeforeDecoding.failsOn(exchange -> false);
        failsAfterDecoding.failsOn(exchange -> false);
        await().atMost(AT_MOST).until(() -> liveLegs.liveCount() == 0 && liveLegs.connectionCount() == 0);
    }

    private URI address(String path) {
        return URI.create("ws://127.0.0.1:" + listener.actualPort() + path);
    }

    /** A socket to Exotel's address, which hears how it is closed. */
    private final class Exotel implements WebSocket.Listener {
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(address("/v1/exotel"), this)
                .join();

        Exotel sends(String... messages) {
            for (String message : messages) {
                socket.sendText(message, true).join();
            }
            return this;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int statusCode, String reason) {
            closed.complete(statusCode);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            closed.completeExceptionally(error);
        }
    }

    private static String start(String id) {
        return "{\"event\":\"start\",\"stream_sid\":\"" + id + "\",\"start\":{\"stream_sid\":\"" + id
                + "\",\"account_sid\":\"acme\",\"call_sid\":\"call-of-" + id + "\"}}";
    }

    private static String media() {
        return "{\"event\":\"media\",\"media\":{\"payload\":\""
                + Base64.getEncoder().encodeToString(new byte[1600]) + "\"}}";
    }

    private EndReason awaitEnd(String id) {
        await().atMost(AT_MOST).until(() -> recorder.hasEnded(id));
        List<AudioMessage> messages = recorder.messages(id);
        assertThat(messages).first().isInstanceOf(CallStart.class);
        assertThat(messages).filteredOn(CallStart.class::isInstance).hasSize(1);
        assertThat(messages).filteredOn(CallEnd.class::isInstance).hasSize(1);
        return ((CallEnd) messages.get(messages.size() - 1)).reason();
    }

    @Test
    void aPlainCallerThatStandsStillIsFoundDeadAndItsCallEndsAsDisconnected(@TempDir Path directory) {
        try (PlainCallerProcess caller = new PlainCallerProcess(address("/v1/ingest"), "frozen", directory)) {
            caller.start();
            await().atMost(AT_MOST).until(() -> recorder.messages("frozen").size() > 1);

            caller.suspend();

            assertThat(awaitEnd("frozen")).isEqualTo(EndReason.DISCONNECTED);
            assertThat(meters.get("rtaa.websocket.dead.peers")
                            .tags("endpoint", "ingest", "cause", "silent")
                            .counter()
                            .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void anExotelStreamThatSendsNothingEndsAsIdle() {
        Exotel caller = new Exotel().sends(start("idle"), media());

        assertThat(caller.closed).succeedsWithin(AT_MOST).isEqualTo(1000);
        assertThat(awaitEnd("idle")).isEqualTo(EndReason.IDLE);
    }

    @Test
    void theLogLineOfACallThatIsRefusedCarriesItsIds() {
        List<ILoggingEvent> lines;
        try (CapturedLog log = CapturedLog.of("io.rtaa.telephony.Caller")) {
            Exotel caller = new Exotel().sends(start("refused"), media(), start(" "));

            assertThat(caller.closed).succeedsWithin(AT_MOST).isEqualTo(1008);
            assertThat(awaitEnd("refused")).isEqualTo(EndReason.REFUSED);
            lines = log.events();
        }
        for (String text : List.of("A caller was refused: ", "A stream ended after 100 ms: refused")) {
            assertThat(lines)
                    .filteredOn(line -> line.getFormattedMessage().startsWith(text))
                    .singleElement()
                    .satisfies(line -> assertThat(line.getKeyValuePairs())
                            .extracting(Object::toString)
                            .contains(
                                    "interaction_id=\"refused\"",
                                    "tenant_id=\"acme\"",
                                    "stream_id=\"refused\"",
                                    "call_sid=\"call-of-refused\"")
                            .anyMatch(pair -> pair.startsWith("request_id=")));
        }
    }

    @Test
    void aCallWhoseRouteFailsAgainAndAgainEndsAsFailed() {
        AtomicInteger windows = new AtomicInteger();
        failsAfterDecoding.failsOn(
                exchange -> exchange.getMessage().getBody() instanceof LegEvent.Audio && windows.incrementAndGet() > 1);

        Exotel caller = new Exotel().sends(start("failing"), media(), media(), media(), media(), media(), media());

        assertThat(caller.closed).succeedsWithin(AT_MOST).isEqualTo(1011);
        assertThat(awaitEnd("failing")).isEqualTo(EndReason.FAILED);
    }

    @Test
    void aCallOnWhoseStartTheRouteFailsIsShownAndEndsAsFailed() {
        failsAfterDecoding.failsOn(exchange -> exchange.getMessage().getBody() != null);

        Exotel caller = new Exotel().sends(start("unstarted"), media());

        assertThat(caller.closed).succeedsWithin(AT_MOST).isEqualTo(1011);
        assertThat(awaitEnd("unstarted")).isEqualTo(EndReason.FAILED);
    }

    @Test
    void aCallOnWhoseEndTheRouteFailsEndsAsItsCallerSaid() {
        Exotel caller = new Exotel().sends(start("unended"), media());
        await().atMost(AT_MOST).until(() -> recorder.messages("unended").size() == 2);
        failsAfterDecoding.failsOn(exchange -> true);

        caller.sends("{\"event\":\"stop\",\"stop\":{\"reason\":\"callended\"}}");

        assertThat(awaitEnd("unended")).isEqualTo(EndReason.CALLENDED);
        caller.socket.abort();
    }

    @Test
    void aCallOnWhoseCloseTheRouteFailsBeforeItIsDecodedEndsAllTheSame() {
        Exotel caller = new Exotel().sends(start("unclosed"), media());
        await().atMost(AT_MOST).until(() -> recorder.messages("unclosed").size() == 2);
        failsBeforeDecoding.failsOn(
                exchange -> exchange.getMessage().getHeader(SocketHeaders.EVENT) == SocketEvent.CLOSE);

        caller.socket.abort();

        assertThat(awaitEnd("unclosed")).isEqualTo(EndReason.DISCONNECTED);
    }
}
