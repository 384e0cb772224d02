package io.rtaa.testsupport.tracing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A collector of <a href="https://opentelemetry.io/docs/specs/otlp/#otlphttp">OTLP over HTTP in protobuf</a> (read November
 * 2026), on a free port of this machine.
 *
 * <p>Thread-safety: safe.
 */
public final class OtlpReceiver implements AutoCloseable {

    private static final int OK = 200;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<ReceivedSpan> spans = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final HttpServer server;
    private volatile int status = OK;

    private OtlpReceiver(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/v1/traces", this::receive);
        server.start();
    }

    public static OtlpReceiver start() throws IOException {
        return new OtlpReceiver(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    /** What {@code OTEL_EXPORTER_OTLP_ENDPOINT} is set to. */
    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Answers with another status from now on; what comes with one that is not 200 is thrown away. */
    public void answer(int newStatus) {
        status = newStatus;
    }

    public int requests() {
        return requests.get();
    }

    /** The {@code Authorization} header of each request that had one. */
    public List<String> authorizations() {
        return List.copyOf(authorizations);
    }

    /** All spans so far, in the order they came. */
    public List<ReceivedSpan> spans() {
        return List.copyOf(spans);
    }

    /** Those with a name. */
    public List<ReceivedSpan> spans(String name) {
        return spans.stream().filter(span -> span.name().equals(name)).toList();
    }

    private void receive(HttpExchange request) throws IOException {
        try (request) {
            byte[] body = request.getRequestBody().readAllBytes();
            requests.incrementAndGet();
            List<String> authorization = request.getRequestHeaders().get("Authorization");
            if (authorization != null) {
                authorizations.addAll(authorization);
            }
            if (status == OK) {
                read(ExportTraceServiceRequest.parseFrom(body));
            }
            byte[] answer = ExportTraceServiceResponse.getDefaultInstance().toByteArray();
            request.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            request.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
            request.getResponseBody().write(answer);
        }
    }

    private void read(ExportTraceServiceRequest batch) {
        for (ResourceSpans process : batch.getResourceSpansList()) {
            Map<String, String> ofProcess = texts(process.getResource().getAttributesList());
            process.getScopeSpansList().stream()
                    .flatMap(scope -> scope.getSpansList().stream())
                    .map(span -> span(span, ofProcess))
                    .forEach(spans::add);
        }
    }

    private static ReceivedSpan span(Span span, Map<String, String> process) {
        HexFormat hex = HexFormat.of();
        return new ReceivedSpan(
                span.getName(),
                hex.formatHex(span.getTraceId().toByteArray()),
                hex.formatHex(span.getSpanId().toByteArray()),
                hex.formatHex(span.getParentSpanId().toByteArray()),
                span.getStartTimeUnixNano(),
                span.getEndTimeUnixNano(),
                texts(span.getAttributesList()),
                span.getEventsList().stream().map(Span.Event::getName).toList(),
                process);
    }

    private static Map<String, String> texts(List<KeyValue> attributes) {
        return attributes.stream().collect(Collectors.toMap(KeyValue::getKey, pair -> text(pair.getValue())));
    }

    private static String text(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case INT_VALUE -> Long.toString(value.getIntValue());
            case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
            default -> value.toString();
        };
    }

    /** All texts that a span has, whatever they are for. */
    public static Stream<String> texts(ReceivedSpan span) {
        return Stream.of(
                        Stream.of(span.name()),
                        span.attributes().values().stream(),
                        span.events().stream(),
                        span.process().values().stream())
                .flatMap(each -> each);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
