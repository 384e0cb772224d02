package io.rtaa.config;

import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.rtaa.tracing.CallTracing;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Sends the spans of this process to an OTLP collector, in batches and off the threads that make them. While the collector
 * is away, up to {@link #MAX_WAITING} spans wait for it, and what comes beyond is dropped.
 *
 * <p>Thread-safety: safe.
 */
final class SpanExport implements AutoCloseable {

    /** About four megabytes of spans. */
    static final int MAX_WAITING = 2048;

    /** A worker that is killed loses the spans of about this time. */
    private static final Duration BATCH_EVERY = Duration.ofSeconds(1);

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

    /** What a stopping process waits for a collector that does not answer. */
    private static final Duration STOP_WITHIN = Duration.ofSeconds(3);

    private static final String SCOPE = "io.rtaa";
    private static final String SERVICE_NAME = "service.name";
    private static final String INSTANCE = "service.instance.id";

    private final SdkTracerProvider provider;

    /** @param headers asked for those of each request; they may change while the process runs */
    SpanExport(TracingSettings settings, Supplier<Map<String, String>> headers) {
        OtlpHttpSpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(settings.traces().toString())
                .setHeaders(headers)
                .setTimeout(REQUEST_TIMEOUT)
                .setConnectTimeout(REQUEST_TIMEOUT)
                .build();
        provider = SdkTracerProvider.builder()
                .setResource(resource(settings))
                .setSampler(sampler(settings))
                .addSpanProcessor(BatchSpanProcessor.builder(new WatchedExporter(exporter))
                        .setMaxQueueSize(MAX_WAITING)
                        .setScheduleDelay(BATCH_EVERY)
                        .build())
                .build();
    }

    private static Resource resource(TracingSettings settings) {
        AttributesBuilder attributes =
                Attributes.builder().put(INSTANCE, UUID.randomUUID().toString());
        for (Map.Entry<String, String> attribute : settings.resource().entrySet()) {
            attributes.put(attribute.getKey(), attribute.getValue());
        }
        attributes.put(SERVICE_NAME, settings.serviceName());
        return Resource.getDefault().merge(Resource.create(attributes.build()));
    }

    private static Sampler sampler(TracingSettings settings) {
        String name = settings.sampler();
        boolean followsParents = name.startsWith(TracingSettings.PARENT_BASED);
        Sampler own = switch (followsParents ? name.substring(TracingSettings.PARENT_BASED.length()) : name) {
            case TracingSettings.ALWAYS_OFF -> Sampler.alwaysOff();
            case TracingSettings.RATIO -> Sampler.traceIdRatioBased(settings.ratio());
            default -> Sampler.alwaysOn();
        };
        return followsParents ? Sampler.parentBased(own) : own;
    }

    /** What makes the spans that are sent. */
    CallTracing tracing() {
        Tracer tracer = provider.get(SCOPE);
        return new CallTracing(
                new OtelTracer(tracer, new OtelCurrentTraceContext(), event -> {}),
                new OtelPropagator(ContextPropagators.create(W3CTraceContextPropagator.getInstance()), tracer));
    }

    /** Sends what waits, unless the collector takes too long. */
    @Override
    public void close() {
        provider.shutdown().join(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    }
}
