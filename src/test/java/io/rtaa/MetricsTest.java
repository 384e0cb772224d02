package io.rtaa;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.simulator.CallPlan;
import io.rtaa.simulator.ExotelCaller;
import io.rtaa.simulator.Recording;
import io.rtaa.testsupport.CamelJmx;
import io.rtaa.testsupport.DashboardClient;
import io.rtaa.testsupport.MetricsTables;
import io.rtaa.testsupport.PromQuery;
import io.rtaa.testsupport.Queries;
import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import io.rtaa.testsupport.deepgram.Fault;
import io.rtaa.testsupport.deepgram.SpokenAudio;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** What operators see on the management listener while calls go on: the real service, with a stand-in for Deepgram. */
@SpringBootTest(
        webEnvironment = WebEnvironment.DEFINED_PORT,
        properties = {
            "rtaa.port=0",
            "rtaa.management.port=0",
            "rtaa.drain-seconds=0",
            "rtaa.asr.provider=deepgram",
            "rtaa.asr.frozen-after-seconds=4",
            "rtaa.asr.unheard-after-seconds=2",
            "rtaa.deepgram.api-key=any",
            "rtaa.routes=classpath:routes-under-test/measured.camel.yaml"
        })
@AutoConfigureObservability(tracing = false)
@DirtiesContext
@ExtendWith(CamelJmx.class)
class MetricsTest {

    private static final Duration AT_MOST = Duration.ofSeconds(60);
    private static final int RATE = 8000;

    private static final String ACCEPTED = "rtaa_deepgram_handshakes_total{result=\"accepted\"}";
    private static final String REFUSED_426 =
            "rtaa_websocket_handshakes_refused_total{endpoint=\"exotel\",status=\"426\"}";

    /** They run for each frame of this test's callers, or for each event of a transcript. */
    private static final List<String> OFTEN = List.of(
            "exotel-in",
            "windows-in",
            "windows",
            "windows-out",
            "asr-audio",
            "asr-transcripts",
            "transcripts-out",
            "dashboard-transcripts",
            "dashboard-fan-out");

    /** Labels that Prometheus adds by itself, or as prometheus.yml says. */
    private static final Set<String> OF_PROMETHEUS = Set.of("job", "instance", "service");

    private static final List<Queries.Placed> QUERIES = Queries.all();

    private static final Vertx VERTX = Vertx.vertx();
    private static final DeepgramStandIn STAND_IN = DeepgramStandIn.start(VERTX);

    @Autowired
    private PublicListener listener;

    @Autowired
    private CamelContext camel;

    @LocalServerPort
    private int managementPort;

    @DynamicPropertySource
    static void deepgram(DynamicPropertyRegistry registry) {
        registry.add("rtaa.deepgram.url", STAND_IN::url);
    }

    @AfterAll
    static void close() {
        STAND_IN.close();
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    private URI door(String scheme, String path) {
        return URI.create(scheme + "://127.0.0.1:" + listener.actualPort() + path);
    }

    private String call(int words) {
        SpokenAudio audio = SpokenAudio.speak(RATE, 1, words, 1);
        return new ExotelCaller(VERTX, 1)
                .place(CallPlan.of(door("ws", "/v1/exotel"), new Recording(RATE, audio.pcm())))
                .streamSids()
                .get(0);
    }

    private static HttpResponse<String> get(URI address) {
        try {
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String management(String path) {
        HttpResponse<String> answer = get(URI.create("http://127.0.0.1:" + managementPort + path));
        assertThat(answer.statusCode()).as(path).isIn(200, 503);
        return answer.body();
    }

    private double metric(String sample) {
        Matcher line = Pattern.compile("^" + Pattern.quote(sample) + " (.*)$", Pattern.MULTILINE)
                .matcher(management("/actuator/prometheus"));
        assertThat(line.find()).as(sample).isTrue();
        return Double.parseDouble(line.group(1));
    }

    @Test
    void everyMetricIsDocumentedAndEveryDocumentedOneIsThereAfterACall() {
        double words = metric("rtaa_asr_words_total");
        double firsts = metric("rtaa_asr_first_transcript_seconds_count");
        double lost = metric("rtaa_asr_audio_lost_seconds_total");
        double replayed = metric("rtaa_asr_audio_replayed_seconds_total");
        double accepted = metric(ACCEPTED);
        double refused = metric(REFUSED_426);
        STAND_IN.nextConnections(Fault.drop(Duration.ofSeconds(2)));
        try (DashboardClient dashboard = new DashboardClient(door("ws", "/v1/transcripts"))) {
            String id = call(8);
            await().atMost(AT_MOST).until(() -> dashboard.hasEnded(id));
            assertThat(get(door("http", "/v1/exotel")).statusCode()).isEqualTo(426);

            assertThat(MetricsTables.exposed(management("/actuator/prometheus")))
                    .isEqualTo(MetricsTables.documented("memory"));
            // Pauses are measured from the first collection on.
            System.gc();
            await().until(() -> management("/actuator/prometheus").contains("jvm_gc_pause_seconds_sum"));
            everyQueryAsksForWhatIsThere(management("/actuator/prometheus"));
            assertThat(metric("rtaa_asr_words_total")).isEqualTo(words + 8);
            assertThat(metric("rtaa_asr_first_transcript_seconds_count")).isEqualTo(firsts + 1);
            assertThat(metric("rtaa_asr_audio_lost_seconds_total")).isEqualTo(lost);
            assertThat(metric("rtaa_asr_audio_replayed_seconds_total")).isGreaterThan(replayed);
            assertThat(metric(ACCEPTED)).isEqualTo(accepted + 2);
            assertThat(metric(REFUSED_426)).isEqualTo(refused + 1);
            assertThat(metric("rtaa_asr_lag_seconds_count")).isPositive();
            await().atMost(AT_MOST).untilAsserted(() -> {
                assertThat(metric("rtaa_websocket_sockets_open{endpoint=\"dashboard\"}"))
                        .isEqualTo(1);
                assertThat(metric("rtaa_asr_connections_open{provider=\"deepgram\"}"))
                        .isZero();
            });
        }
    }

    /** The queries of alerts and pages, by name, labels and, where samples are there, values of labels. */
    private static void everyQueryAsksForWhatIsThere(String scrape) {
        Map<String, Set<String>> labels = MetricsTables.labelsByName(scrape);
        for (Queries.Placed query : QUERIES) {
            PromQuery asked = query.read();
            assertThat(asked.selectors()).as("%s", query).isNotEmpty();
            for (PromQuery.Selector selector : asked.selectors()) {
                assertThat(labels).as("%s", query).containsKey(selector.metric());
                Set<String> known = new HashSet<>(labels.get(selector.metric()));
                known.addAll(OF_PROMETHEUS);
                assertThat(known).as("%s", query).containsAll(asked.grouping());
                assertThat(known)
                        .as("%s", query)
                        .containsAll(selector.labels().stream()
                                .map(PromQuery.LabelMatch::label)
                                .toList());
                assertThat(MetricsTables.hasSampleFor(scrape, selector))
                        .as("a sample for %s of %s", selector, query)
                        .isTrue();
            }
        }
    }

    private double exchanges(String metric, String routeId) {
        return metric("camel_exchanges_" + metric
                + "{camelContext=\"rtaa\",eventType=\"route\",kind=\"CamelRoute\",routeId=\"" + routeId + "\"}");
    }

    @Test
    void everyRouteHasItsRateFailuresAndTimeAndATeamsRouteMeasuresMore() {
        List<String> routes = camel.getRoutes().stream().map(Route::getRouteId).toList();
        assertThat(routes).contains("acme-finals", "exotel-handshake").containsAll(OFTEN);
        Map<String, Double> before = routes.stream().collect(toMap(id -> id, id -> exchanges("total", id)));
        try (DashboardClient dashboard = new DashboardClient(door("ws", "/v1/transcripts"))) {
            String id = call(8);
            await().atMost(AT_MOST).until(() -> dashboard.hasEnded(id));
        }

        assertThat(routes).allSatisfy(id -> {
            assertThat(exchanges("succeeded_total", id)).isNotNegative();
            assertThat(exchanges("failed_total", id)).isNotNegative();
        });
        List<String> used = new ArrayList<>(OFTEN);
        used.addAll(List.of("exotel-handshake", "viewer-handshake", "dashboard-subscriptions", "acme-finals"));
        await().atMost(AT_MOST)
                .untilAsserted(() -> assertThat(used)
                        .allSatisfy(id -> assertThat(exchanges("total", id)).isGreaterThan(before.get(id))));
        assertThat(used)
                .allSatisfy(id -> assertThat(management("/actuator/prometheus"))
                        .containsPattern("(?m)^camel_route_policy_seconds_sum\\{.*routeId=\"" + id + "\"} "));
        assertThat(metric("acme_finals_total{camelContext=\"rtaa\",tenant=\"simulator\"}"))
                .isPositive();
        assertThat(management("/actuator/prometheus")).doesNotContain("camel_exchange_event", "camel_routes_");
    }

    @Test
    void callsThatDeepgramNoLongerHearsAreANoteAndTheProcessStaysReady() throws Exception {
        assertThat(get(door("http", "/health")).body()).contains("\"recogniser\":{\"status\":\"UP\"}");
        try (DashboardClient dashboard = new DashboardClient(door("ws", "/v1/transcripts"))) {
            List<String> ids;
            try (DeepgramStandIn.Ongoing silent = STAND_IN.during(Fault.freeze(Duration.ZERO))) {
                ids = List.of(call(30), call(30), call(30));
                await().atMost(AT_MOST).untilAsserted(() -> {
                    assertThat(get(door("http", "/health")).statusCode()).isEqualTo(200);
                    assertThat(management("/actuator/health"))
                            .contains("3 of 3 calls that get speech have had no transcript for 2 s");
                });
                assertThat(silent).isNotNull();
                assertThat(metric("rtaa_asr_calls_unheard")).isEqualTo(3);
            }
            for (String id : ids) {
                await().atMost(AT_MOST).until(() -> dashboard.hasEnded(id));
            }
        }
    }

    @Test
    void aProcessWhoseEveryCallIsRefusedIsNotReadyUntilTheKeyIsPutRightAndItsCallsLoseNothing() throws Exception {
        try (DashboardClient dashboard = new DashboardClient(door("ws", "/v1/transcripts"))) {
            double words = metric("rtaa_asr_words_total");
            String id;
            try (DeepgramStandIn.Ongoing refusing = STAND_IN.during(Fault.refuse(401))) {
                id = call(8);
                await().atMost(AT_MOST).untilAsserted(() -> {
                    HttpResponse<String> health = get(door("http", "/health"));
                    assertThat(health.statusCode()).isEqualTo(503);
                    assertThat(health.body())
                            .contains("\"recogniser\":{\"status\":\"DOWN\"}")
                            .doesNotContain("reason");
                    assertThat(management("/actuator/health"))
                            .contains("asr:deepgram refuses calls, since ", "the API key is not valid (401)");
                });
                assertThat(refusing).isNotNull();
                assertThat(metric("rtaa_asr_refusing{provider=\"deepgram\"}")).isEqualTo(1);
                assertThat(metric("rtaa_deepgram_keys_refused")).isEqualTo(1);
                assertThat(get(door("http", "/health/live")).statusCode()).isEqualTo(200);
            }
            await().atMost(AT_MOST)
                    .untilAsserted(() -> assertThat(get(door("http", "/health")).statusCode())
                            .isEqualTo(200));
            await().atMost(AT_MOST).until(() -> dashboard.hasEnded(id));
            assertThat(metric("rtaa_asr_words_total")).isEqualTo(words + 8);
            assertThat(dashboard.events(id))
                    .extracting(event -> event.path("type").asText())
                    .doesNotContain("gap");
        }
    }

    /** By the formula of docs/operations.md, "Where a call's time went". */
    @Test
    void theEventsOfACallSayHowLateItsFinalsCame() {
        long began = System.currentTimeMillis();
        try (DashboardClient dashboard = new DashboardClient(door("ws", "/v1/transcripts"))) {
            String id = call(6);
            await().until(() -> dashboard.hasEnded(id));

            JsonNode started = dashboard.events(id).get(0);
            List<Long> late = dashboard.events(id).stream()
                    .filter(event -> event.path("type").asText().equals("final"))
                    .map(event -> event.path("timestamp_ms").asLong()
                            - started.path("leg").asLong()
                            - (event.path("end_ms").asLong()
                                    - started.path("start_ms").asLong()))
                    .toList();
            // A frame is sent when it begins, so that its audio is there before it could have been spoken.
            assertThat(late)
                    .isNotEmpty()
                    .allSatisfy(millis -> assertThat(millis)
                            .isBetween(-(long) CallPlan.DEFAULT_FRAME_MILLIS, System.currentTimeMillis() - began));
        }
    }

    @Test
    void healthSaysWhichBusNoRouteUses() {
        assertThat(management("/actuator/health"))
                .contains("\"redis\":{\"status\":\"UP\",\"details\":{\"note\":\"no route uses it\"}}")
                .contains("\"kafka\":{\"status\":\"UP\",\"details\":{\"note\":\"no route uses it\"}}");
    }

    @Test
    void thePublicListenerServesNoneOfIt() {
        for (String path : new String[] {"/actuator", "/actuator/prometheus", "/actuator/health"}) {
            assertThat(get(door("http", path)).statusCode()).as(path).isEqualTo(404);
        }
        assertThat(get(URI.create("http://127.0.0.1:" + managementPort + "/actuator/env"))
                        .statusCode())
                .isEqualTo(404);
        assertThat(get(URI.create("http://127.0.0.1:" + managementPort + "/health"))
                        .statusCode())
                .isEqualTo(404);
    }
}
