package io.rtaa.config;

import static io.rtaa.config.TestSettings.faults;
import static io.rtaa.config.TestSettings.read;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TracingSettingsTest {

    private static final String COLLECTOR = "http://collector:4318";

    @Test
    void nothingIsTracedUnlessACollectorIsNamed() {
        assertThat(read(Map.of("OTEL_SERVICE_NAME", "calls")).tracing()).isNull();
        assertThat(read(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", " ")).tracing()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "http://collector:4318, http://collector:4318/v1/traces",
        "https://collector/, https://collector/v1/traces",
        "http://collector:4318/otlp//, http://collector:4318/otlp/v1/traces"
    })
    void spansGoBelowTheAddressOfTheCollector(String endpoint, String traces) {
        assertThat(read(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)).tracing())
                .isNotNull()
                .returns(traces, settings -> settings.traces().toString())
                .returns("rtaa", TracingSettings::serviceName)
                .returns("parentbased_always_on", TracingSettings::sampler)
                .returns(Map.of(), TracingSettings::headers);
    }

    @Test
    void variablesOfOpenTelemetryHaveTheirForms(@TempDir Path folder) throws IOException {
        Path headers = Files.writeString(folder.resolve("headers"), "authorization=Bearer%20a+b, x-tenant = acme\n");
        assertThat(read(Map.of(
                                "OTEL_EXPORTER_OTLP_ENDPOINT",
                                COLLECTOR,
                                "OTEL_EXPORTER_OTLP_HEADERS_FILE",
                                headers.toString(),
                                "OTEL_SERVICE_NAME",
                                "calls",
                                "OTEL_RESOURCE_ATTRIBUTES",
                                "service.instance.id=ingest-0,deployment.environment=a%2Cb",
                                "OTEL_TRACES_SAMPLER",
                                "traceidratio",
                                "OTEL_TRACES_SAMPLER_ARG",
                                "0.25"))
                        .tracing())
                .isNotNull()
                .returns(Map.of("authorization", "Bearer a+b", "x-tenant", "acme"), TracingSettings::headers)
                .returns(headers, TracingSettings::headersFile)
                .returns("calls", TracingSettings::serviceName)
                .returns(
                        Map.of("service.instance.id", "ingest-0", "deployment.environment", "a,b"),
                        TracingSettings::resource)
                .returns("traceidratio", TracingSettings::sampler)
                .returns(0.25, TracingSettings::ratio);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "collector:4318",
                "grpc://collector:4317",
                "http:///v1",
                "http://user:s3cret@collector:4318",
                "http://collector:4318?key=s3cret",
                "http://collector:4318/s3cret collector"
            })
    void whatIsNoAddressOfACollectorIsRefusedAndNotShown(String endpoint) {
        assertThat(faults(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)))
                .startsWith("OTEL_EXPORTER_OTLP_ENDPOINT: this is no address of a collector; allowed: http://HOST")
                .doesNotContain("s3cret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"s3cret", "=s3cret", "a b=s3cret", "authorization=s3cret%0d%0ahost:x", "authorization=s3cret%2"})
    void whatAreNoHeadersIsRefusedAndNotShown(String headers) {
        assertThat(faults(Map.of("OTEL_EXPORTER_OTLP_HEADERS", headers)))
                .startsWith("OTEL_EXPORTER_OTLP_HEADERS: it is no list of pairs; allowed: NAME=VALUE")
                .doesNotContain("s3cret");
    }

    @Test
    void allOtherFaultsAreToldAtOnce() {
        assertThat(faults(Map.of(
                        "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc",
                        "OTEL_TRACES_SAMPLER", "jaeger_remote",
                        "OTEL_TRACES_SAMPLER_ARG", "2",
                        "OTEL_RESOURCE_ATTRIBUTES", "pod")))
                .contains("OTEL_EXPORTER_OTLP_PROTOCOL is 'grpc'; allowed: one of http/protobuf")
                .contains("OTEL_TRACES_SAMPLER is 'jaeger_remote'; allowed: one of parentbased_always_on, ")
                .contains("OTEL_TRACES_SAMPLER_ARG: '2' is no part; allowed: a number from 0 to 1")
                .contains("OTEL_RESOURCE_ATTRIBUTES: it is no list of pairs; allowed: ");
    }
}
