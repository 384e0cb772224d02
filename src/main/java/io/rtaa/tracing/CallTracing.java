package io.rtaa.tracing;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import io.rtaa.call.CallInfo;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Traces calls: the process that takes a call begins its trace, and others add their spans below the span that the call's
 * start names ({@link CallInfo#traceparent}).
 *
 * <p>Thread-safety: safe.
 */
public final class CallTracing {

    /** Traces nothing. */
    public static final CallTracing OFF = new CallTracing(Tracer.NOOP, Propagator.NOOP, false);

    private static final String TRACEPARENT = "traceparent";

    /** Version 00 of W3C's Trace Context. */
    private static final Pattern FORM = Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    private final Tracer tracer;
    private final Propagator propagator;
    private final boolean on;

    /**
     * @param tracer makes spans
     * @param propagator writes and reads W3C's {@code traceparent}
     */
    public CallTracing(Tracer tracer, Propagator propagator) {
        this(tracer, propagator, true);
    }

    private CallTracing(Tracer tracer, Propagator propagator, boolean on) {
        this.tracer = tracer;
        this.propagator = propagator;
        this.on = on;
    }

    /** Whether calls are traced. */
    public boolean isOn() {
        return on;
    }

    /**
     * Begins the trace of a call.
     *
     * @param began when its first span began; null for now
     */
    public CallSpan begin(String name, CallInfo info, @Nullable Instant began) {
        if (!on) {
            return CallSpan.NONE;
        }
        Span.Builder builder = builder(name).setNoParent();
        if (began != null) {
            builder.startTimestamp(TracedSpan.micros(began), TimeUnit.MICROSECONDS);
        }
        return new TracedSpan(this, info, builder);
    }

    /** Begins a span below the one that a call's start names; {@link CallSpan#NONE} where it names none. */
    public CallSpan join(String name, CallInfo info) {
        String traceparent = info.traceparent();
        if (!on || traceparent == null || !FORM.matcher(traceparent).matches()) {
            return CallSpan.NONE;
        }
        Span.Builder builder =
                propagator.extract(traceparent, (parent, field) -> field.equals(TRACEPARENT) ? parent : null);
        return new TracedSpan(this, info, builder.name(name));
    }

    Span.Builder builder(String name) {
        return tracer.spanBuilder().name(name);
    }

    @Nullable
    String traceparent(TraceContext context) {
        Map<String, String> fields = new HashMap<>();
        propagator.inject(context, fields, (map, field, value) -> {
            if (map != null) {
                map.put(field, value);
            }
        });
        return fields.get(TRACEPARENT);
    }
}
