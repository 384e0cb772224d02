package io.rtaa.config;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.rtaa.routes.LogThrottle;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Says once a minute at most that a collector does not take spans. OpenTelemetry's own log of it is off, as it has a stack
 * trace for each failure.
 *
 * <p>Thread-safety: safe.
 */
final class WatchedExporter implements SpanExporter {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedExporter.class);

    private final SpanExporter exporter;
    private final LogThrottle failures = new LogThrottle();

    WatchedExporter(SpanExporter exporter) {
        this.exporter = exporter;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        int count = spans.size();
        CompletableResultCode result = exporter.export(spans);
        return result.whenComplete(() -> {
            if (!result.isSuccess()) {
                failures.atLevel(LOG, Level.WARN)
                        .addKeyValue("spans", count)
                        .log("Spans are lost: the OTLP collector does not take them: {}", reason(result));
            }
        });
    }

    private static String reason(CompletableResultCode result) {
        Throwable thrown = result.getFailureThrowable();
        Throwable cause = thrown == null ? null : thrown.getCause();
        return cause == null ? "it answers with an error" : cause.toString();
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
