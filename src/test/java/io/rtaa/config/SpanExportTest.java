package io.rtaa.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.rtaa.call.CallInfo;
import io.rtaa.call.StreamId;
import io.rtaa.testsupport.CapturedLog;
import io.rtaa.testsupport.tracing.OtlpReceiver;
import io.rtaa.testsupport.tracing.ReceivedSpan;
import io.rtaa.tracing.CallTracing;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How spans get to a collector, and what happens where they do not. */
class SpanExportTest {

    private static final CallInfo CALL =
            new CallInfo(new StreamId("acme", "c-1"), null, null, null, null, 8000, 1_763_800_000_000L);

    private final CapturedLog log = CapturedLog.of(WatchedExporter.class);
    private OtlpReceiver receiver;

    @BeforeEach
    void start() throws IOException {
        receiver = OtlpReceiver.start();
    }

    @AfterEach
    void stop() {
        log.close();
        receiver.close();
    }

    private TracingSettings settings(String sampler, double ratio) {
        return new TracingSettings(
                URI.create(receiver.endpoint() + "/v1/traces"),
                Map.of(),
                null,
                "calls",
                Map.of("service.instance.id", "ingest-0"),
                sampler,
                ratio);
    }

    private SpanExport export() {
        return new SpanExport(settings("parentbased_always_on", 1), Map::of);
    }

    private List<ILoggingEvent> warnings() {
        return log.events().stream()
                .filter(line -> line.getFormattedMessage().startsWith("Spans are lost"))
                .toList();
    }

    @Test
    void whatHasEndedIsSentBeforeTheProcessStops() {
        try (SpanExport export = export()) {
            export.tracing().begin("call", CALL, null).end();
        }
        assertThat(receiver.spans()).singleElement().satisfies(span -> {
            assertThat(span.name()).isEqualTo("call");
            assertThat(span.process())
                    .containsEntry("service.name", "calls")
                    .containsEntry("service.instance.id", "ingest-0");
        });
        assertThat(warnings()).isEmpty();
    }

    @Test
    void headersThatChangeAreThoseOfTheNextRequest() {
        AtomicReference<Map<String, String>> headers = new AtomicReference<>(Map.of("Authorization", "Bearer one"));
        try (SpanExport export = new SpanExport(settings("always_on", 1), headers::get)) {
            export.tracing().begin("call", CALL, null).end();
            await().until(() -> receiver.authorizations().equals(List.of("Bearer one")));
            headers.set(Map.of("Authorization", "Bearer two"));
            export.tracing().begin("call", CALL, null).end();
        }
        assertThat(receiver.authorizations()).containsExactly("Bearer one", "Bearer two");
    }

    @ParameterizedTest
    @CsvSource({
        "always_on, 0, true, true",
        "always_off, 1, false, false",
        "traceidratio, 0, false, false",
        "parentbased_always_on, 0, true, true",
        "parentbased_always_off, 1, false, true",
        "parentbased_traceidratio, 0, false, true"
    })
    void aSamplerDecidesAndOneThatIsParentBasedFollowsTheStart(
            String sampler, double ratio, boolean begun, boolean joined) {
        try (SpanExport export = new SpanExport(settings(sampler, ratio), Map::of)) {
            CallTracing tracing = export.tracing();
            tracing.begin("call", CALL, null).end();
            tracing.join("deliver", CALL.withTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"))
                    .end();
        }
        assertThat(receiver.spans())
                .extracting(ReceivedSpan::name)
                .isEqualTo(begun ? List.of("call", "deliver") : joined ? List.of("deliver") : List.of());
    }

    @Test
    void aCollectorThatRefusesSpansCostsOneLine() {
        receiver.answer(400);
        try (SpanExport export = export()) {
            for (int request = 1; request <= 2; request++) {
                int expected = request;
                export.tracing().begin("call", CALL, null).end();
                await().until(() -> receiver.requests() == expected);
            }
        }
        assertThat(warnings()).singleElement().satisfies(line -> {
            assertThat(line.getFormattedMessage()).endsWith("it answers with an error");
            assertThat(line.getThrowableProxy()).isNull();
        });
    }

    @Test
    void aCollectorThatIsAwayKeepsNobodyWaiting() {
        receiver.close();
        try (SpanExport export = export()) {
            for (int span = 0; span < 3 * SpanExport.MAX_WAITING; span++) {
                export.tracing().begin("call", CALL, null).end();
            }
            await().until(() -> !warnings().isEmpty());
        }
        assertThat(warnings())
                .singleElement()
                .satisfies(line -> assertThat(line.getFormattedMessage()).contains("ConnectException"));
    }
}
