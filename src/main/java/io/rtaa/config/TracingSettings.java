package io.rtaa.config;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the spans of calls go. The variables have the names and forms of OpenTelemetry's specification, as far as they are
 * honoured.
 *
 * @param traces the collector's address for spans
 * @param headers of each request to it; may hold a credential
 * @param headersFile the file they are in; null where they are set by text, or not at all
 * @param serviceName what the spans say of which service they are
 * @param resource what else they say of the process
 * @param sampler which calls are traced, as {@code OTEL_TRACES_SAMPLER} names it
 * @param ratio which part of them, where the sampler goes by it; from 0 to 1
 */
record TracingSettings(
        URI traces,
        Map<String, String> headers,
        @Nullable Path headersFile,
        String serviceName,
        Map<String, String> resource,
        String sampler,
        double ratio) {

    static final String PARENT_BASED = "parentbased_";
    static final String ALWAYS_ON = "always_on";
    static final String ALWAYS_OFF = "always_off";
    static final String RATIO = "traceidratio";

    /** Where a collector takes spans, below its address. */
    private static final String PATH = "/v1/traces";

    private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Pattern HEADER_VALUE = Pattern.compile("[\\x20-\\x7e]*");

    private static final Setting<URI> ENDPOINT = Setting.parsed(
                    "rtaa.tracing.endpoint",
                    TracingSettings::endpoint,
                    "Traces calls: the OTLP collector that gets their spans, http(s)://HOST[:PORT][/PATH]")
            .variable("OTEL_EXPORTER_OTLP_ENDPOINT")
            .build();
    private static final Setting<String> PROTOCOL = Setting.word(
                    "rtaa.tracing.protocol", List.of("http/protobuf"), "How the collector is spoken to")
            .variable("OTEL_EXPORTER_OTLP_PROTOCOL")
            .otherwise("http/protobuf")
            .build();
    static final Setting<Map<String, String>> HEADERS = Setting.parsed(
                    "rtaa.tracing.headers",
                    TracingSettings::headers,
                    "Headers of each request to the collector, NAME=VALUE,... with values percent-encoded")
            .variable("OTEL_EXPORTER_OTLP_HEADERS")
            .isSecret()
            .build();
    private static final Setting<String> SERVICE_NAME = Setting.text(
                    "rtaa.tracing.service-name", "What spans say of which service they are")
            .variable("OTEL_SERVICE_NAME")
            .otherwise("rtaa")
            .build();
    private static final Setting<Map<String, String>> RESOURCE = Setting.parsed(
                    "rtaa.tracing.resource-attributes",
                    TracingSettings::pairs,
                    "What spans say of their process, NAME=VALUE,... with values percent-encoded")
            .variable("OTEL_RESOURCE_ATTRIBUTES")
            .build();
    private static final Setting<String> SAMPLER = Setting.word(
                    "rtaa.tracing.sampler",
                    List.of(
                            PARENT_BASED + ALWAYS_ON,
                            PARENT_BASED + ALWAYS_OFF,
                            PARENT_BASED + RATIO,
                            ALWAYS_ON,
                            ALWAYS_OFF,
                            RATIO),
                    "Which calls are traced; workers and dashboards follow ingest with parentbased_...")
            .variable("OTEL_TRACES_SAMPLER")
            .otherwise(PARENT_BASED + ALWAYS_ON)
            .build();
    private static final Setting<Double> SAMPLER_ARGUMENT = Setting.parsed(
                    "rtaa.tracing.sampler-argument",
                    TracingSettings::ratio,
                    "Which part of the calls a ...traceidratio sampler traces, 0 to 1")
            .variable("OTEL_TRACES_SAMPLER_ARG")
            .otherwise("1")
            .build();

    /** All that are read here. */
    static final List<Setting<?>> DECLARED =
            List.of(ENDPOINT, PROTOCOL, HEADERS, SERVICE_NAME, RESOURCE, SAMPLER, SAMPLER_ARGUMENT);

    TracingSettings {
        headers = Map.copyOf(headers);
        resource = Map.copyOf(resource);
    }

    /** Null where calls are not traced, or something is wrong and noted. */
    static @Nullable TracingSettings read(SettingsReader reader) {
        URI endpoint = reader.find(ENDPOINT);
        reader.get(PROTOCOL);
        Map<String, String> headers = reader.find(HEADERS);
        String serviceName = reader.find(SERVICE_NAME);
        Map<String, String> resource = reader.find(RESOURCE);
        String sampler = reader.get(SAMPLER);
        Double ratio = reader.find(SAMPLER_ARGUMENT);
        return endpoint == null
                ? null
                : new TracingSettings(
                        endpoint,
                        Objects.requireNonNullElse(headers, Map.of()),
                        reader.file(HEADERS),
                        Objects.requireNonNullElse(serviceName, SERVICE_NAME.defaultText()),
                        Objects.requireNonNullElse(resource, Map.of()),
                        sampler,
                        Objects.requireNonNullElse(ratio, 1.0));
    }

    private static URI endpoint(String text) {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw endpointFault();
        }
        boolean isHttp = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        if (!isHttp
                || uri.getHost() == null
                || uri.getRawUserInfo() != null
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null) {
            throw endpointFault();
        }
        return URI.create(text.replaceAll("/+$", "") + PATH);
    }

    /** The address is not shown: it may hold a password. */
    private static IllegalArgumentException endpointFault() {
        return new IllegalArgumentException(
                "this is no address of a collector; allowed: http://HOST[:PORT][/PATH] or https://HOST[:PORT][/PATH],"
                        + " with a credential in OTEL_EXPORTER_OTLP_HEADERS");
    }

    private static Double ratio(String text) {
        try {
            double ratio = Double.parseDouble(text);
            if (ratio >= 0 && ratio <= 1) {
                return ratio;
            }
        } catch (NumberFormatException e) {
            // The fault is that of a number out of range.
        }
        throw new IllegalArgumentException(
                "'" + ConfigurationLog.shown(text) + "' is no part; allowed: a number from 0 to 1, such as 0.1");
    }

    /** @throws IllegalArgumentException saying what is wrong, without what may be a credential */
    static Map<String, String> headers(String text) {
        Map<String, String> headers = pairs(text);
        headers.forEach((name, value) -> {
            if (!HEADER_NAME.matcher(name).matches()
                    || !HEADER_VALUE.matcher(value).matches()) {
                throw pairsFault();
            }
        });
        return headers;
    }

    private static Map<String, String> pairs(String text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : text.split(",", -1)) {
            if (pair.isBlank()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = equals < 0 ? "" : pair.substring(0, equals).strip();
            if (name.isEmpty()) {
                throw pairsFault();
            }
            pairs.put(name, decoded(pair.substring(equals + 1).strip()));
        }
        return pairs;
    }

    /** Percent-decoding alone: a plus stays one. */
    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw pairsFault();
        }
    }

    private static IllegalArgumentException pairsFault() {
        return new IllegalArgumentException(
                "it is no list of pairs; allowed: NAME=VALUE, several separated by commas, with values percent-encoded");
    }
}
