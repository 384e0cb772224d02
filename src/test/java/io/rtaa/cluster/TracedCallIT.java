package io.rtaa.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.testsupport.DashboardClient;
import io.rtaa.testsupport.calls.LiveCaller;
import io.rtaa.testsupport.cluster.RedisProcess;
import io.rtaa.testsupport.cluster.RtaaProcess;
import io.rtaa.testsupport.cluster.ServerProcess;
import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import io.rtaa.testsupport.deepgram.Fault;
import io.rtaa.testsupport.tracing.OtlpReceiver;
import io.rtaa.testsupport.tracing.ReceivedSpan;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;

/** What an OTLP receiver has of a call whose recogniser dropped once, and whose worker was killed then. */
class TracedCallIT {

    private static final Path DIRECTORY = Path.of("target", "cluster", "traced-call");
    private static final Duration AT_MOST = Duration.ofMinutes(2);
    private static final String CALL = "traced";

    private final Vertx vertx = Vertx.vertx();
    private DeepgramStandIn recogniser;
    private OtlpReceiver receiver;
    private RedisProcess redis;
    private RtaaProcess front;
    private RtaaProcess worker;
    private RtaaProcess otherWorker;

    @BeforeEach
    void start() throws IOException {
        FileSystemUtils.deleteRecursively(DIRECTORY);
        recogniser = DeepgramStandIn.start(vertx);
        receiver = OtlpReceiver.start();
        redis = new RedisProcess(DIRECTORY.resolve("broker"));
        redis.start();
        front = process("front", "ingest,dashboard");
        worker = process("worker-1", "asr");
        otherWorker = process("worker-2", "asr");
        List<RtaaProcess> services = List.of(front, worker, otherWorker);
        services.forEach(ServerProcess::launch);
        services.forEach(ServerProcess::awaitUp);
    }

    @AfterEach
    void stop() {
        List.of(front, worker, otherWorker, redis).forEach(ServerProcess::close);
        receiver.close();
        recogniser.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private RtaaProcess process(String name, String roles) {
        Map<String, String> settings = new HashMap<>(redis.settings());
        settings.put("DEEPGRAM_API_KEY", "key");
        settings.put("DEEPGRAM_URL", recogniser.url().toString());
        settings.put("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint());
        settings.put("OTEL_RESOURCE_ATTRIBUTES", "service.instance.id=" + name);
        return new RtaaProcess(name, DIRECTORY, roles, settings);
    }

    private List<ReceivedSpan> published(String instance) {
        return receiver.spans("publish").stream()
                .filter(span -> span.instance().equals(instance)
                        && span.attribute("type").equals("final"))
                .toList();
    }

    private List<ReceivedSpan> connects(String instance) {
        return receiver.spans("recogniser connect").stream()
                .filter(span -> span.instance().equals(instance))
                .toList();
    }

    @Test
    void theTraceHasTheReconnectTheTakeOverAndWhatCameOfThem() throws Exception {
        try (DashboardClient dashboard = new DashboardClient(front.address("ws", "/v1/transcripts"));
                LiveCaller caller = LiveCaller.call(vertx, front.address("ws", "/v1/ingest"), CALL, "lb-7f3a")) {
            await().atMost(AT_MOST)
                    .until(() -> !receiver.spans("recogniser connect").isEmpty());
            String first = receiver.spans("recogniser connect").get(0).instance();
            await().atMost(AT_MOST).until(() -> !published(first).isEmpty());
            recogniser.hitLive(Fault.drop(Duration.ZERO));
            await().atMost(AT_MOST).until(() -> connects(first).size() == 2);
            int before = published(first).size();
            await().atMost(AT_MOST).until(() -> published(first).size() > before);

            RtaaProcess killed = first.equals(worker.name()) ? worker : otherWorker;
            String second = killed == worker ? otherWorker.name() : worker.name();
            killed.kill();
            await().atMost(AT_MOST).until(() -> !published(second).isEmpty());
            caller.hangUp();
            await().atMost(AT_MOST).until(() -> dashboard.hasEnded(CALL));
            await().atMost(AT_MOST)
                    .until(() -> !receiver.spans("call").isEmpty()
                            && !receiver.spans("recogniser session").isEmpty());

            assertTrace(first, second);
        }
    }

    private void assertTrace(String first, String second) {
        ReceivedSpan call = receiver.spans("call").get(0);
        ReceivedSpan session = receiver.spans("recogniser session").get(0);
        assertThat(receiver.spans()).allSatisfy(span -> {
            assertThat(span.traceId()).isEqualTo(call.traceId());
            assertThat(span.attributes())
                    .containsEntry("interaction_id", CALL)
                    .containsEntry("tenant_id", "acme")
                    .containsEntry("request_id", "lb-7f3a");
        });
        assertThat(call.instance()).isEqualTo("front");
        assertThat(call.parentId()).isEmpty();
        assertThat(receiver.spans("handshake"))
                .singleElement()
                .satisfies(handshake -> assertThat(handshake.parentId()).isEqualTo(call.spanId()));

        // The killed worker's session never ended; what lies below it has ended, and names it.
        List<ReceivedSpan> firstConnects = connects(first);
        Set<String> firstSession =
                firstConnects.stream().map(ReceivedSpan::parentId).collect(Collectors.toSet());
        assertThat(firstConnects)
                .extracting(span -> span.attribute("connection"))
                .containsExactly("1", "2");
        assertThat(firstConnects.get(1).attributes()).containsKeys("lost_because", "replayed_ms");
        assertThat(firstSession).hasSize(1).doesNotContain(session.spanId());
        assertThat(published(first)).allSatisfy(span -> assertThat(firstSession).containsExactly(span.parentId()));

        assertThat(receiver.spans("recogniser session")).hasSize(1);
        assertThat(session.instance()).isEqualTo(second);
        assertThat(session.parentId()).isEqualTo(call.spanId());
        assertThat(session.attributes()).containsEntry("taken_over", "true").containsEntry("outcome", "stopped");
        assertThat(connects(second))
                .singleElement()
                .satisfies(span -> assertThat(span.parentId()).isEqualTo(session.spanId()));
        assertThat(published(second))
                .allSatisfy(span -> assertThat(span.parentId()).isEqualTo(session.spanId()));

        assertThat(receiver.spans("deliver"))
                .isNotEmpty()
                .allSatisfy(span -> assertThat(span.parentId()).isEqualTo(call.spanId()))
                .extracting(span -> span.attribute("seq"))
                .doesNotHaveDuplicates()
                .contains(
                        published(first).get(0).attribute("seq"),
                        published(second).get(0).attribute("seq"));
    }
}
