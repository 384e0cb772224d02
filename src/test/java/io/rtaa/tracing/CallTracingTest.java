package io.rtaa.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.CallInfo;
import io.rtaa.call.StreamId;
import io.rtaa.testsupport.tracing.ReceivedSpan;
import io.rtaa.testsupport.tracing.RecordedSpans;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallTracingTest {

    private static final CallInfo CALL = new CallInfo(
                    new StreamId("acme", "c-1"), "CA1", "s-1", "+4930123", "+4930456", 8000, 1_763_800_000_000L)
            .withRequestId("lb-1");

    private final RecordedSpans spans = new RecordedSpans();

    @Test
    void aSpanHasTheIdsOfItsCallAndNeitherOfItsNumbers() {
        spans.tracing().begin("call", CALL, null).tag("reason", "stopped").end();

        assertThat(spans.all())
                .singleElement()
                .extracting(ReceivedSpan::attributes)
                .isEqualTo(Map.of(
                        "interaction_id",
                        "c-1",
                        "tenant_id",
                        "acme",
                        "stream_id",
                        "s-1",
                        "call_sid",
                        "CA1",
                        "request_id",
                        "lb-1",
                        "reason",
                        "stopped"));
    }

    @Test
    void anotherProcessJoinsTheTraceThatTheStartNames() {
        CallSpan call = spans.tracing().begin("call", CALL, Instant.ofEpochSecond(1_763_800_000));
        call.child("handshake", Instant.ofEpochSecond(1_763_800_000), Instant.ofEpochSecond(1_763_800_001));
        RecordedSpans other = new RecordedSpans();
        other.tracing()
                .join("recogniser session", CALL.withTraceparent(call.traceparent()))
                .end();
        call.end();

        ReceivedSpan root = spans.named("call").get(0);
        ReceivedSpan handshake = spans.named("handshake").get(0);
        assertThat(root.parentId()).isEmpty();
        assertThat(root.startNanos()).isEqualTo(1_763_800_000_000_000_000L);
        assertThat(handshake.parentId()).isEqualTo(root.spanId());
        assertThat(handshake.endNanos() - handshake.startNanos()).isEqualTo(1_000_000_000L);
        assertThat(other.all()).singleElement().satisfies(session -> {
            assertThat(session.traceId()).isEqualTo(root.traceId());
            assertThat(session.parentId()).isEqualTo(root.spanId());
        });
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "00-1-2-01", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x"})
    void aCallThatNamesNoSpanGetsNone(String traceparent) {
        CallSpan span = spans.tracing().join("deliver", CALL.withTraceparent(traceparent));
        span.child("publish").tag("seq", 1).tag("text", null).end();
        span.end();

        assertThat(span).isSameAs(CallSpan.NONE);
        assertThat(span.traceparent()).isNull();
        assertThat(spans.all()).isEmpty();
    }

    @Test
    void nothingIsMadeWhileTracingIsOff() {
        CallInfo traced = CALL.withTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

        assertThat(CallTracing.OFF.begin("call", CALL, Instant.EPOCH)).isSameAs(CallSpan.NONE);
        assertThat(CallTracing.OFF.join("deliver", traced)).isSameAs(CallSpan.NONE);
        assertThat(CallTracing.OFF.isOn()).isFalse();
    }
}
