package io.rtaa.config;

import io.rtaa.tracing.CallTracing;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Traces calls where a collector is named, and makes nothing at all where none is. */
@Configuration(proxyBeanMethods = false)
class TracingConfiguration {

    /** Closed after all that makes spans. */
    @Bean
    @Conditional(CollectorIsNamed.class)
    SpanExport spanExport(RtaaSettings settings, FileWatch files, ConfigurableEnvironment environment) {
        TracingSettings tracing =
                Objects.requireNonNull(settings.tracing(), "settings without a collector do not get this far");
        Path file = tracing.headersFile();
        AtomicReference<Map<String, String>> headers = new AtomicReference<>(tracing.headers());
        if (file != null) {
            FileContent content = FileContent.read(file);
            headers.set(TracingSettings.headers(content.text()));
            files.watch(
                    SetNames.ofFile(TracingSettings.HEADERS, environment),
                    List.of(content),
                    changed ->
                            headers.set(TracingSettings.headers(changed.get(0).text())));
        }
        return new SpanExport(tracing, headers::get);
    }

    @Bean
    CallTracing callTracing(ObjectProvider<SpanExport> export) {
        SpanExport there = export.getIfAvailable();
        return there == null ? CallTracing.OFF : there.tracing();
    }

    /** Whether {@code OTEL_EXPORTER_OTLP_ENDPOINT} is set. */
    static final class CollectorIsNamed implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !context.getEnvironment()
                    .getProperty("rtaa.tracing.endpoint", "")
                    .isBlank();
        }
    }
}
