package io.rtaa.tracing;

import io.micrometer.tracing.Span;
import io.rtaa.call.CallInfo;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A span of Micrometer's tracer.
 *
 * <p>Thread-safety: safe, as the tracer's spans are.
 */
final class TracedSpan implements CallSpan {

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int NANOS_PER_MICRO = 1000;

    private final CallTracing tracing;
    private final CallInfo info;
    private final Span span;

    TracedSpan(CallTracing tracing, CallInfo info, Span.Builder builder) {
        this.tracing = tracing;
        this.info = info;
        builder.tag("interaction_id", info.stream().interactionId())
                .tag("tenant_id", info.stream().tenantId());
        if (info.streamSid() != null) {
            builder.tag("stream_id", info.streamSid());
        }
        if (info.callSid() != null) {
            builder.tag("call_sid", info.callSid());
        }
        if (info.requestId() != null) {
            builder.tag("request_id", info.requestId());
        }
        this.span = builder.start();
    }

    static long micros(Instant time) {
        return time.getEpochSecond() * MICROS_PER_SECOND + time.getNano() / NANOS_PER_MICRO;
    }

    @Override
    public CallSpan child(String name) {
        return new TracedSpan(tracing, info, tracing.builder(name).setParent(span.context()));
    }

    @Override
    public void child(String name, Instant began, Instant ended) {
        Span.Builder builder =
                tracing.builder(name).setParent(span.context()).startTimestamp(micros(began), TimeUnit.MICROSECONDS);
        new TracedSpan(tracing, info, builder).span.end(micros(ended), TimeUnit.MICROSECONDS);
    }

    @Override
    public CallSpan tag(String name, @Nullable String value) {
        if (value != null) {
            span.tag(name, value);
        }
        return this;
    }

    @Override
    public CallSpan tag(String name, long value) {
        span.tag(name, value);
        return this;
    }

    @Override
    public CallSpan tag(String name, boolean value) {
        span.tag(name, value);
        return this;
    }

    @Override
    public void event(String name) {
        span.event(name);
    }

    @Override
    public void end() {
        span.end();
    }

    @Override
    public @Nullable String traceparent() {
        return tracing.traceparent(span.context());
    }
}
