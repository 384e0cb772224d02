package io.rtaa.testsupport.tracing;

import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.rtaa.tracing.CallTracing;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** Keeps the spans of one process in memory, in the order in which they end. Thread-safe. */
public final class RecordedSpans implements SpanExporter {

    private static final String NO_PARENT = "0000000000000000";

    private final List<ReceivedSpan> spans = new CopyOnWriteArrayList<>();
    private final CallTracing tracing;

    public RecordedSpans() {
        Tracer tracer = SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(this))
                .build()
                .get("test");
        tracing = new CallTracing(
                new OtelTracer(tracer, new OtelCurrentTraceContext(), event -> {}),
                new OtelPropagator(ContextPropagators.create(W3CTraceContextPropagator.getInstance()), tracer));
    }

    /** What makes them. */
    public CallTracing tracing() {
        return tracing;
    }

    public List<ReceivedSpan> all() {
        return List.copyOf(spans);
    }

    /** Those with a name. */
    public List<ReceivedSpan> named(String name) {
        return spans.stream().filter(span -> span.name().equals(name)).toList();
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> ended) {
        for (SpanData span : ended) {
            spans.add(new ReceivedSpan(
                    span.getName(),
                    span.getTraceId(),
                    span.getSpanId(),
                    span.getParentSpanId().equals(NO_PARENT) ? "" : span.getParentSpanId(),
                    span.getStartEpochNanos(),
                    span.getEndEpochNanos(),
                    span.getAttributes().asMap().entrySet().stream()
                            .collect(Collectors.toMap(
                                    entry -> entry.getKey().getKey(),
                                    entry -> entry.getValue().toString())),
                    span.getEvents().stream().map(EventData::getName).toList(),
                    Map.of()));
        }
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
    }
}
