package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.simulator.CallPlan;
import io.rtaa.simulator.ExotelCaller;
import io.rtaa.simulator.Recording;
import io.rtaa.testsupport.AuditLines;
import io.rtaa.testsupport.CamelJmx;
import io.rtaa.testsupport.DashboardClient;
import io.rtaa.testsupport.OperatorClient;
import io.rtaa.testsupport.ServiceClient;
import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import io.rtaa.testsupport.deepgram.SpokenAudio;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** What operators see and do of calls and recognisers by the managed beans: the real service, with a stand-in for Deepgram. */
@SpringBootTest(
        webEnvironment = WebEnvironment.DEFINED_PORT,
        properties = {
            "rtaa.port=0",
            "rtaa.management.port=0",
            "rtaa.management.password=admin",
            "rtaa.management.viewers=eve:look",
            "rtaa.drain-seconds=0",
            "rtaa.asr.provider=deepgram",
            "rtaa.deepgram.api-key=any"
        })
@DirtiesContext
@ExtendWith(CamelJmx.class)
class ManagedCallsTest {

    private static final String CALLS = "io.rtaa:type=LiveCalls";
    private static final String RECOGNISERS = "io.rtaa:type=Recognisers";
    private static final int RATE = 8000;

    private static final Vertx VERTX = Vertx.vertx();
    private static final DeepgramStandIn STAND_IN = DeepgramStandIn.start(VERTX);

    @Autowired
    private PublicListener listener;

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

    private URI door(String path) {
        return URI.create("ws://127.0.0.1:" + listener.actualPort() + path);
    }

    private OperatorClient admin() throws Exception {
        return OperatorClient.in(managementPort, "rtaa", "admin");
    }

    private OperatorClient viewer() throws Exception {
        return OperatorClient.in(managementPort, "eve", "look");
    }

    private String exotelCall() {
        return new ExotelCaller(VERTX, 1)
                .place(CallPlan.of(
                        door("/v1/exotel"),
                        new Recording(RATE, SpokenAudio.speak(RATE, 1, 300, 1).pcm())))
                .streamSids()
                .get(0);
    }

    private ServiceClient.Socket plainCall(String id, String tenant) {
        ServiceClient.Socket socket = new ServiceClient(listener.actualPort()).connect("/v1/ingest", null);
        socket.send("{\"event\":\"start\",\"interaction_id\":\"" + id + "\",\"tenant_id\":\"" + tenant
                + "\",\"sample_rate\":8000,\"encoding\":\"pcm16\"}");
        await().until(() -> !socket.received().isEmpty());
        return socket;
    }

    private static JsonNode row(OperatorClient operator, String bean, String table, String column, String value)
            throws Exception {
        for (JsonNode row : operator.read(bean, table).path("value")) {
            if (row.path(column).asText().equals(value)) {
                return row;
            }
        }
        throw new AssertionError("no row of " + table + " has " + value);
    }

    private static String endOf(DashboardClient dashboard, String id) {
        await().until(() -> dashboard.hasEnded(id));
        return dashboard.events(id).stream()
                .filter(event -> event.path("type").asText().equals("call_ended"))
                .map(event -> event.path("reason").asText())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anOperatorSeesWhoCallsAndHowItIsRecognisedAndEndsTheCall() throws Exception {
        OperatorClient admin = admin();
        try (DashboardClient dashboard = new DashboardClient(door("/v1/transcripts"));
                AuditLines audit = new AuditLines()) {
            String id = exotelCall();
            await().untilAsserted(() -> {
                JsonNode row = row(admin, CALLS, "Calls", "interaction_id", id);
                assertThat(row.path("recogniser").asText()).isEqualTo("deepgram");
                assertThat(row.path("state").asText()).isEqualTo("recognising");
                assertThat(row.path("audio_seconds").asLong()).isPositive();
                assertThat(row.path("lag_ms").isNumber()).isTrue();
                assertThat(row.path("since").asText()).endsWith("Z");
                assertThat(dashboard.transcript(id)).isNotEmpty();
            });
            JsonNode row = row(viewer(), RECOGNISERS, "Sessions", "interaction_id", id);
            assertThat(row.path("recogniser").asText()).isEqualTo("deepgram");
            for (String table : new String[] {"Calls", "Count"}) {
                assertThat(admin.read(CALLS, table).toString()).doesNotContain(dashboard.transcript(id));
            }
            assertThat(viewer().invoke(CALLS, "endCall", id).path("status").asInt())
                    .isEqualTo(403);

            JsonNode answer = admin.invoke(CALLS, "endCall", id);

            assertThat(answer.path("value").asText()).startsWith("ending ").endsWith("/" + id);
            assertThat(endOf(dashboard, id)).isEqualTo("ended_by_operator");
            await().until(() -> admin.read(CALLS, "Count").path("value").asInt() == 0);
            assertThat(audit.about("operate")).hasSize(2);
            assertThat(audit.about("operate").get(0))
                    .containsEntry("who", "eve")
                    .containsEntry("outcome", "refused")
                    .doesNotContainKey("arguments");
            assertThat(audit.about("operate").get(1))
                    .containsEntry("who", "rtaa")
                    .containsEntry("bean", CALLS)
                    .containsEntry("operation", "endCall")
                    .containsEntry("arguments", id)
                    .containsEntry("outcome", "done");
        }
    }

    @Test
    void aPlainCallerIsClosedAndAnIdOfSeveralTenantsNeedsTheTenant() throws Exception {
        OperatorClient admin = admin();
        try (DashboardClient dashboard = new DashboardClient(door("/v1/transcripts"));
                AuditLines audit = new AuditLines()) {
            ServiceClient.Socket first = plainCall("same", "a");
            ServiceClient.Socket second = plainCall("same", "b");
            assertThat(admin.invoke(CALLS, "endCall", "same").path("error").asText())
                    .contains("allowed: tenant_id/interaction_id");
            assertThat(admin.invoke(CALLS, "endCall", "none").has("value")).isFalse();
            assertThat(audit.about("operate"))
                    .allSatisfy(line -> assertThat(line).containsEntry("outcome", "failed"));

            admin.invoke(CALLS, "endCall", "b/same");

            assertThat(second.closeCode().get(30, TimeUnit.SECONDS)).isEqualTo(1000);
            assertThat(endOf(dashboard, "same")).isEqualTo("ended_by_operator");
            assertThat(first.closeCode()).isNotDone();
            assertThat(row(admin, CALLS, "Calls", "interaction_id", "same")
                            .path("tenant_id")
                            .asText())
                    .isEqualTo("a");
            first.send("{\"event\":\"stop\"}");
            assertThat(first.closeCode().get(30, TimeUnit.SECONDS)).isEqualTo(1000);
        }
    }

    @Test
    void aBreakerThatAnOperatorOpensStaysOpenUntilItIsClosedAndCallsGoOnThen() throws Exception {
        OperatorClient admin = admin();
        assertThat(viewer().invoke(RECOGNISERS, "openBreaker", "deepgram")
                        .path("status")
                        .asInt())
                .isEqualTo(403);
        assertThat(admin.invoke(RECOGNISERS, "openBreaker", "nobody")
                        .path("error")
                        .asText())
                .contains("known here: deepgram");
        try (DashboardClient dashboard = new DashboardClient(door("/v1/transcripts"))) {
            assertThat(admin.invoke(RECOGNISERS, "openBreaker", "deepgram")
                            .path("status")
                            .asInt())
                    .isEqualTo(200);
            assertThat(row(viewer(), RECOGNISERS, "Recognisers", "recogniser", "deepgram")
                            .path("breaker")
                            .asText())
                    .isEqualTo("open");
            String id = exotelCall();
            await().untilAsserted(() -> assertThat(row(admin, CALLS, "Calls", "interaction_id", id)
                            .path("lag_ms")
                            .asLong())
                    .isGreaterThan(1000));
            assertThat(dashboard.transcript(id)).isEmpty();

            admin.invoke(RECOGNISERS, "closeBreaker", "deepgram");

            await().until(() -> !dashboard.transcript(id).isEmpty());
            assertThat(row(admin, RECOGNISERS, "Recognisers", "recogniser", "deepgram")
                            .path("breaker")
                            .asText())
                    .isEqualTo("closed");
            assertThat(dashboard.events(id))
                    .extracting(event -> event.path("type").asText())
                    .doesNotContain("gap");
            admin.invoke(CALLS, "endCall", id);
            assertThat(endOf(dashboard, id)).isEqualTo("ended_by_operator");
        }
    }
}
